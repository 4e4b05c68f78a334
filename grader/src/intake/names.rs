//! Names of entries: which are taken for dangerous, which count, and which are one on
//! some systems.

use std::collections::HashMap;

use course::handed_in::{HANDLER_FILES, POLICY_FILE, PREDICTIONS, SOURCE_NAME_BYTES_MAX};
use unicode_normalization::UnicodeNormalization;

use super::limits::{DEPTH_MAX, NAME_BYTES_MAX, PATH_BYTES_MAX};
use super::refusal::{Refusal, is_hidden};

const REPACK: &str = "hand in the files under plain names, as in the handout";
const SHORTEN: &str = "hand in the handler files alone";

/// Names that are devices on Windows, with any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The name of an entry, which leads nowhere but into the submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// Its folders and its own name. Bytes that are no text are written `\xNN`, which
    /// cannot be confused with anything: no name has a backslash.
    pub parts: Vec<String>,
}

/// What an entry is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// A handler file.
    Handlers(&'static str),
    /// A replacement policy.
    Policy,
    /// The predictions of lab 1.
    Predictions,
    /// A trace.
    Trace,
    /// Nothing that is asked for.
    Not,
}

impl Counts {
    /// Whether the compiler gets it.
    pub fn is_code(self) -> bool {
        matches!(self, Counts::Handlers(_) | Counts::Policy)
    }
}

impl Name {
    /// Takes a name, or says why it is none.
    pub fn parse(raw: &[u8]) -> Result<Self, Refusal> {
        let refused = |why: String, help| Err(Refusal::of(raw, why, help));
        if raw.contains(&0) {
            return refused("a NUL byte in the name".into(), REPACK);
        }
        if raw.contains(&b'\\') {
            return refused("a backslash in the name".into(), REPACK);
        }
        if raw.starts_with(b"/") {
            return refused("an absolute name".into(), REPACK);
        }
        if raw.len() > PATH_BYTES_MAX {
            let why = format!("a name of more than {PATH_BYTES_MAX} bytes");
            return refused(why, SHORTEN);
        }
        let parts: Vec<&[u8]> = raw
            .split(|byte| *byte == b'/')
            .filter(|part| !part.is_empty() && *part != b".")
            .collect();
        if parts.len() > DEPTH_MAX + 1 {
            return refused(format!("more than {DEPTH_MAX} folders deep"), SHORTEN);
        }
        if parts.iter().any(|part| part.len() > NAME_BYTES_MAX) {
            let why = format!("a name of more than {NAME_BYTES_MAX} bytes");
            return refused(why, SHORTEN);
        }
        let parts: Vec<String> = parts.into_iter().map(lossless).collect();
        if parts.iter().any(|part| leads_out(part)) {
            return refused("a name that leads out of the submission".into(), REPACK);
        }
        let name = Self { parts };
        match name.unfit_source() {
            Some(why) => refused(why, REPACK),
            None => Ok(name),
        }
    }

    /// The name as it was written, but for what it says of no folder (`./a//b`).
    pub fn text(&self) -> String {
        self.parts.join("/")
    }

    /// The folder that it is in.
    pub fn folder(&self) -> &[String] {
        self.parts.split_last().map_or(&[], |(_, folder)| folder)
    }

    /// The file's own name.
    pub fn last(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }

    /// What it is by its name.
    pub fn counts(&self) -> Counts {
        let last = self.last();
        match HANDLER_FILES.iter().find(|file| **file == last) {
            Some(file) => Counts::Handlers(file),
            None if last == POLICY_FILE => Counts::Policy,
            None if last == PREDICTIONS => Counts::Predictions,
            None if last.ends_with(".trace") => Counts::Trace,
            None => Counts::Not,
        }
    }

    /// The name of a file that counts, if this one is it but for the way that it is
    /// written.
    pub fn meant(&self) -> Option<&'static str> {
        let folded = fold(self.last());
        let known = HANDLER_FILES.into_iter().chain([POLICY_FILE, PREDICTIONS]);
        let mut meant = known.filter(|file| *file == folded);
        meant.find(|file| *file != self.last())
    }

    /// Where in it stands what no student writes: a build's output, the history of a
    /// checkout, or what a Mac puts into every archive.
    pub fn junk(&self) -> Option<usize> {
        let is_junk = |part: &String| {
            let folded = fold(part);
            let known = [".git", "target", "__macosx", ".ds_store"];
            known.contains(&folded.as_str()) || folded.starts_with("._")
        };
        self.parts.iter().position(is_junk)
    }

    /// Why a source file or trace cannot have this name: others would read another.
    fn unfit_source(&self) -> Option<String> {
        let folded = fold(self.last());
        if !folded.ends_with(".rs") && !folded.ends_with(".trace") {
            return None;
        }
        let hidden = |part: &String| part.contains('\\') || part.chars().any(is_hidden);
        if self.parts.iter().any(hidden) {
            return Some("characters in the name that cannot be seen, or are none".to_owned());
        }
        if self.last().len() > SOURCE_NAME_BYTES_MAX {
            let max = SOURCE_NAME_BYTES_MAX;
            return Some(format!("a name of more than {max} bytes"));
        }
        is_device(&folded).then(|| "the name of a device on some systems".to_owned())
    }
}

/// A part of a name, in which bytes that are no text are written out.
pub(super) fn lossless(part: &[u8]) -> String {
    let mut text = String::new();
    for chunk in part.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    text
}

/// What all names have in common that some system takes for one: without regard to
/// case, to how a letter is composed, to what cannot be seen, and to dots and spaces at
/// the end.
pub(super) fn fold(part: &str) -> String {
    let seen: String = part.nfkc().filter(|c| !is_hidden(*c)).collect();
    let folded: String = seen.to_uppercase().to_lowercase().nfkc().collect();
    folded.trim_end_matches(['.', ' ']).to_owned()
}

/// Whether the name is a device's on Windows, whatever its extension.
pub(super) fn is_device(folded: &str) -> bool {
    let stem = folded.split('.').next().unwrap_or_default().trim_end();
    let numbered = |name: &str| {
        let number = stem.strip_prefix(name);
        number.is_some_and(|number| number.len() == 1 && number.as_bytes()[0].is_ascii_digit())
    };
    DEVICES.contains(&stem) || numbered("com") || numbered("lpt")
}

/// `..`, a drive, or what becomes a separator or `..` where names are normalised.
fn leads_out(part: &str) -> bool {
    let normal: String = part.nfkc().collect();
    let is_drive = |text: &str| {
        let bytes = text.as_bytes();
        bytes.len() > 1 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
    };
    let seen: String = normal.chars().filter(|c| !is_hidden(*c)).collect();
    let dots = seen.trim_end_matches(' ');
    let only_dots = dots.len() > 1 && dots.chars().all(|c| c == '.');
    only_dots || is_drive(&normal) || normal.contains('/') || has_new_backslash(part, &normal)
}

/// [`lossless`] writes backslashes itself, so only those that are new count.
fn has_new_backslash(part: &str, normal: &str) -> bool {
    normal.matches('\\').count() > part.matches('\\').count()
}

/// The names of a submission so far, as a system sees them that tells few names apart.
#[derive(Debug, Default)]
pub(super) struct Seen {
    names: HashMap<String, (String, Kind)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
}

impl Seen {
    /// Adds a file, and the folders around it.
    pub fn file(&mut self, name: &Name) -> Result<(), Refusal> {
        self.folders(&name.parts[..name.parts.len().saturating_sub(1)])?;
        self.add(&name.parts, Kind::File)
    }

    /// Adds a folder, and the folders around it.
    pub fn folder(&mut self, name: &Name) -> Result<(), Refusal> {
        self.folders(&name.parts)
    }

    fn folders(&mut self, parts: &[String]) -> Result<(), Refusal> {
        (1..=parts.len()).try_for_each(|depth| self.add(&parts[..depth], Kind::Folder))
    }

    fn add(&mut self, parts: &[String], kind: Kind) -> Result<(), Refusal> {
        let folded: Vec<String> = parts.iter().map(|part| fold(part)).collect();
        let text = parts.join("/");
        let Some((other, other_kind)) = self.names.get(&folded.join("/")) else {
            self.names.insert(folded.join("/"), (text, kind));
            return Ok(());
        };
        if (kind, *other_kind) == (Kind::Folder, Kind::Folder) && *other == text {
            return Ok(());
        }
        let why = match *other == text {
            true => "there twice".to_owned(),
            false => {
                let other = super::refusal::shown(other.as_bytes());
                format!("on some systems the same as `{other}`")
            }
        };
        let help = "keep one of the two";
        Err(Refusal::of(text.as_bytes(), why, help))
    }
}
