//! The folder for one of the tools.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::comments::stripped;
use crate::hidden::{SHARE_MAX, Tokens};
use crate::private::Private;
use crate::readme;
use crate::skeleton::Skeleton;
use crate::tool::Tool;
use crate::trouble::Trouble;
use crate::work::Work;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The tool.
    pub tool: Tool,
    /// Where the export goes: not there yet, or empty.
    pub out: &'a Path,
    /// The folder that keeps the key.
    pub private: &'a Path,
    /// What of the sources is exported.
    pub sources: Sources,
}

/// What of the sources is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sources {
    /// As they are.
    Whole,
    /// Without comments, in which names may stand.
    WithoutComments,
}

/// What was exported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exported {
    /// How many works there are to compare.
    pub works: usize,
    /// How many of earlier years.
    pub old: usize,
    /// How many handed in nothing but what they were given.
    pub untouched: usize,
    /// Pseudonyms of those who have much in macros, with its share.
    pub in_macros: Vec<(String, f64)>,
}

/// A work without names.
#[derive(Debug)]
struct Nameless {
    pseudonym: String,
    at: Option<Timestamp>,
    files: Vec<(String, String)>,
}

/// Exports a class, and works of earlier years, which are compared with it and not with each
/// other.
///
/// # Errors
///
/// If something cannot be written, or there is nothing to compare.
pub fn export(
    ask: Ask,
    skeleton: &Skeleton,
    works: &[Work],
    old: &[Work],
) -> Result<Exported, Trouble> {
    let out = empty(ask.out)?;
    let private = Private::outside(ask.private, &out)?;
    let mut naming = Naming {
        ask,
        skeleton,
        private,
        exported: Exported::default(),
    };
    let works = naming.all(works, "")?;
    naming.exported.works = works.len();
    let old = naming.all(old, "old-")?;
    naming.exported.old = old.len();
    if works.is_empty() {
        return Err(Trouble::Nothing);
    }
    // Before anything is given away: without this, a finding would be nobody's.
    naming.private.write()?;
    let folder = Folder {
        out: &out,
        given: naming.given(),
    };
    match ask.tool {
        Tool::JPlag | Tool::Compare50 => folder.of_folders(&works, &old)?,
        Tool::Dolos => folder.of_files(&works, &old)?,
    }
    let text = readme::readme(ask, &naming.exported);
    write(&out.join("README.md"), &text)?;
    Ok(naming.exported)
}

/// A folder with nothing in it: what is there already might be of others.
fn empty(out: &Path) -> Result<PathBuf, Trouble> {
    fs::create_dir_all(out).map_err(Trouble::at(out))?;
    let mut entries = fs::read_dir(out).map_err(Trouble::at(out))?;
    match entries.next() {
        Some(_) => Err(Trouble::NotEmpty(out.to_owned())),
        None => out.canonicalize().map_err(Trouble::at(out)),
    }
}

impl Private {
    /// Opens the private folder, which must not be given away with the export.
    fn outside(private: &Path, out: &Path) -> Result<Self, Trouble> {
        let private = std::path::absolute(private).map_err(Trouble::at(private))?;
        if private.starts_with(out) {
            return Err(Trouble::KeyInExport {
                private,
                out: out.to_owned(),
            });
        }
        Self::open(&private)
    }
}

/// Takes the names off.
struct Naming<'a> {
    ask: Ask<'a>,
    skeleton: &'a Skeleton,
    private: Private,
    exported: Exported,
}

impl Naming<'_> {
    fn all(&mut self, works: &[Work], before: &str) -> Result<Vec<Nameless>, Trouble> {
        let mut all: Vec<Nameless> = Vec::new();
        for work in works {
            if let Some(mut nameless) = self.one(work)? {
                let name = format!("{before}{}", nameless.pseudonym);
                // Somebody may have been there in several of the earlier years.
                let same = |one: &&Nameless| one.pseudonym.split('~').next() == Some(&name);
                nameless.pseudonym = match all.iter().filter(same).count() {
                    0 => name,
                    times => format!("{name}~{}", times + 1),
                };
                all.push(nameless);
            }
        }
        // Not in the order of the roster, which would say who is who.
        all.sort_by(|a, b| a.pseudonym.cmp(&b.pseudonym));
        Ok(all)
    }

    /// None if nothing in it is a student's.
    fn one(&mut self, work: &Work) -> Result<Option<Nameless>, Trouble> {
        let own = work
            .files
            .iter()
            .filter(|(name, text)| !self.skeleton.has(name, text));
        let files: Vec<(String, String)> = own
            .map(|(name, text)| (name.clone(), self.source(text)))
            .collect();
        if files.is_empty() {
            self.exported.untouched += 1;
            return Ok(None);
        }
        let pseudonym = self.private.pseudonym(work)?;
        let tokens = files.iter().map(|(_, text)| Tokens::of(text));
        let share = tokens.fold(Tokens::default(), Tokens::and).share();
        if share > SHARE_MAX {
            self.exported.in_macros.push((pseudonym.clone(), share));
        }
        Ok(Some(Nameless {
            pseudonym,
            at: work.at,
            files,
        }))
    }

    fn source(&self, text: &str) -> String {
        match self.ask.sources {
            Sources::Whole => text.to_owned(),
            Sources::WithoutComments => stripped(text),
        }
    }

    /// What everybody was given, as it stands in their works.
    fn given(&self) -> Vec<(String, String)> {
        let files = self.skeleton.files.iter();
        files
            .map(|(name, text)| (name.clone(), self.source(text)))
            .collect()
    }
}

/// Where the export goes, and what everybody was given.
struct Folder<'a> {
    out: &'a Path,
    given: Vec<(String, String)>,
}

impl Folder<'_> {
    /// A folder for each work: `submissions/`, `old/`, and `base/`.
    fn of_folders(&self, works: &[Nameless], old: &[Nameless]) -> Result<(), Trouble> {
        self.files("base", &self.given)?;
        for (folder, works) in [("submissions", works), ("old", old)] {
            for work in works {
                self.files(&format!("{folder}/{}", work.pseudonym), &work.files)?;
            }
        }
        Ok(())
    }

    /// A file for each work, `template.rs`, and `info.csv`, which tells of them. Dolos knows
    /// no earlier years: they are labelled, and compared like the others.
    fn of_files(&self, works: &[Nameless], old: &[Nameless]) -> Result<(), Trouble> {
        write(&self.out.join("template.rs"), &joined(&self.given))?;
        let path = self.out.join("info.csv");
        let table = csv::Writer::from_path(&path);
        let mut table = table.map_err(|error| Trouble::at(&path)(error.into()))?;
        // A date for some and none for others is no date that it could sort by.
        let dated = works.iter().chain(old).all(|work| work.at.is_some());
        let mut row = |fields: [&str; 4]| {
            let shown = if dated { &fields[..] } else { &fields[..3] };
            let written = table.write_record(shown);
            written.map_err(|error| Trouble::at(&path)(error.into()))
        };
        row(["filename", "full_name", "label", "created_at"])?;
        for (label, works) in [("class", works), ("old", old)] {
            for work in works {
                let name = format!("{}.rs", work.pseudonym);
                let at = work.at.map(|at| at.to_string()).unwrap_or_default();
                row([&name, &work.pseudonym, label, &at])?;
                write(&self.out.join(&name), &joined(&work.files))?;
            }
        }
        table.flush().map_err(Trouble::at(&path))
    }

    fn files(&self, folder: &str, files: &[(String, String)]) -> Result<(), Trouble> {
        for (name, text) in files {
            write(&self.out.join(folder).join(name), text)?;
        }
        Ok(())
    }
}

/// Files as one, each behind its name.
fn joined(files: &[(String, String)]) -> String {
    let parts: Vec<String> = files
        .iter()
        .map(|(name, text)| format!("// {name}\n{}\n", text.trim_end()))
        .collect();
    parts.join("\n")
}

fn write(path: &Path, text: &str) -> Result<(), Trouble> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(Trouble::at(folder))?;
    fs::write(path, text).map_err(Trouble::at(path))
}
