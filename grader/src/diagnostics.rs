//! What the compiler said, as far as a student may read it.
//!
//! The compiler quotes what it reads, and says why it could not read the rest. Its words
//! are shown where they are about the student's own files. Whatever is about another file
//! is one sentence, the same for a file that exists and one that does not; and since the
//! errors that come after it differ between the two as well, it is then the only one.

use std::path::Path;

use serde::Deserialize;

/// Where the student's files are, as far as they can tell.
pub const STUDENTS_FOLDER: &str = "labs/skeleton/src/";

/// Errors that are shown. Whoever has more has the same one many times.
const SHOWN_MAX: usize = 20;

/// Bytes that are shown of a single error: a type can be as long as a book.
const ERROR_BYTES_MAX: usize = 8 << 10;

/// Bytes that are shown altogether.
const SHOWN_BYTES_MAX: usize = 64 << 10;

/// Codes of "file not found for module" and "file for module found twice".
const MODULE_FILE_CODES: [&str; 2] = ["E0583", "E0584"];

/// Where things are on this machine, which is nobody's business.
#[derive(Clone, Copy, Debug)]
pub struct Places<'a> {
    /// The names of the student's files.
    pub files: &'a [&'a str],
    /// The name of the crate's root, which is ours.
    pub root: &'a str,
    /// Folders of this machine, and what is said instead.
    pub hidden: &'a [(&'a Path, &'a str)],
}

/// The errors among what the compiler said.
#[derive(Debug, Default)]
pub struct Errors(Vec<Diagnostic>);

#[derive(Debug, Deserialize)]
struct Diagnostic {
    message: String,
    code: Option<Code>,
    level: String,
    #[serde(default)]
    spans: Vec<Span>,
    #[serde(default)]
    children: Vec<Diagnostic>,
    rendered: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Code {
    code: String,
}

#[derive(Debug, Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    column_start: usize,
    is_primary: bool,
    expansion: Option<Box<Expansion>>,
}

#[derive(Debug, Deserialize)]
struct Expansion {
    span: Span,
}

impl Errors {
    /// Reads the compiler's lines of JSON. Lines that are cut off, or no JSON, are what a
    /// compiler says that is killed or crashes.
    pub fn read(said: &[u8]) -> Self {
        let lines = said.split(|&byte| byte == b'\n');
        let all = lines.filter_map(|line| serde_json::from_slice::<Diagnostic>(line).ok());
        Self(all.filter(Diagnostic::is_error).collect())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The errors as the student reads them.
    pub fn render(&self, places: Places<'_>) -> String {
        if let Some(error) = self.0.iter().find(|e| e.is_about_another_file(places)) {
            return error.neutral(places);
        }
        let shown: Vec<String> = self.0.iter().map(|error| error.shown(places)).collect();
        let mut text = String::new();
        let mut count = 0;
        for error in shown.iter().take(SHOWN_MAX) {
            if text.len() + error.len() > SHOWN_BYTES_MAX {
                break;
            }
            text.push_str(error);
            count += 1;
        }
        if shown.len() > count {
            text.push_str(&format!("… and {} errors more\n", shown.len() - count));
        }
        text
    }
}

impl Diagnostic {
    /// An error of its own, and not the sum of all.
    fn is_error(&self) -> bool {
        self.level.starts_with("error") && !self.message.starts_with("aborting due to")
    }

    /// Whether it says anything about a file that is neither the student's nor public.
    fn is_about_another_file(&self, places: Places<'_>) -> bool {
        let code = self.code.as_ref().map_or("", |code| &code.code);
        let mut all = std::iter::once(self).chain(&self.children);
        MODULE_FILE_CODES.contains(&code)
            || all.any(|part| {
                part.message.contains("(os error ")
                    || part.message.starts_with("couldn't read")
                    || part.spans.iter().any(|span| span.leads_elsewhere(places))
            })
    }

    /// One sentence for all files of this machine, whether they exist or not.
    fn neutral(&self, places: Places<'_>) -> String {
        let own = self
            .spans
            .iter()
            .filter_map(|span| span.in_own_file(places));
        let at = own.map(Span::place).next();
        let at = at.map_or(String::new(), |place| format!(" --> {place}\n"));
        format!(
            "error: file outside of the submission\n{at}  = help: a submission is lab1.rs to \
             lab8.rs and policy.rs, and can use no other file\n"
        )
    }

    fn shown(&self, places: Places<'_>) -> String {
        // Without a place it is about the program as a whole, which is not the student's.
        let rendered = match (&self.rendered, self.spans.is_empty()) {
            (Some(rendered), false) => rendered,
            _ => {
                return "error: the compiler rejects the submission, and names no line of it\n\n"
                    .to_owned();
            }
        };
        let lines = rendered.lines().filter(|line| !names_a_dump(line));
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        let text = places.hide(&text).replace(is_unprintable, "\u{fffd}");
        match text.len() > ERROR_BYTES_MAX {
            true => format!("{}…\n", &text[..text.floor_char_boundary(ERROR_BYTES_MAX)]),
            false => text,
        }
    }
}

/// "the full name for the type has been written to …": a file that is gone by now.
fn names_a_dump(line: &str) -> bool {
    line.contains("has been written to '") || line.contains("`--verbose` to print the full type")
}

fn is_unprintable(character: char) -> bool {
    character.is_control() && character != '\n' && character != '\t'
}

impl Span {
    /// Whether it, or a macro that it comes from, lies in a file that is neither the
    /// student's nor public.
    fn leads_elsewhere(&self, places: Places<'_>) -> bool {
        let comes_from = self.expansion.as_ref().map(|expansion| &expansion.span);
        !places.are_known(&self.file_name)
            || comes_from.is_some_and(|span| span.leads_elsewhere(places))
    }

    /// Itself, or the place in the student's file that led there.
    fn in_own_file(&self, places: Places<'_>) -> Option<&Span> {
        if self.is_primary && places.is_own(&self.file_name) {
            return Some(self);
        }
        let expansion = self.expansion.as_ref()?;
        let from = &expansion.span;
        match places.is_own(&from.file_name) {
            true => Some(from),
            false => from.in_own_file(places),
        }
    }

    fn place(&self) -> String {
        let Self {
            file_name,
            line_start,
            column_start,
            ..
        } = self;
        format!("{file_name}:{line_start}:{column_start}")
    }
}

impl Places<'_> {
    fn is_own(&self, file: &str) -> bool {
        let name = file.strip_prefix(STUDENTS_FOLDER);
        name.is_some_and(|name| self.files.contains(&name))
    }

    /// The student's files, the crate's root, the simulator and the standard library: what
    /// every student has.
    fn are_known(&self, file: &str) -> bool {
        let is_public = |rest: &str| !rest.contains("..");
        let is_of_hidden = |(folder, _): &(&Path, &str)| Path::new(file).starts_with(folder);
        self.is_own(file)
            || file == self.root
            || ["crates/vmsim/src/", "/rustc/"]
                .iter()
                .any(|public| file.strip_prefix(public).is_some_and(is_public))
            || (self.hidden.iter().any(is_of_hidden)
                && (file.contains("/crates/vmsim/src/") || file.contains("/rustlib/src/rust/")))
    }

    fn hide(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (folder, instead) in self.hidden {
            text = text.replace(&format!("{}/", folder.display()), instead);
        }
        text
    }
}
