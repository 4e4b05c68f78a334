//! One policy for the entries of folders and archives: each is wanted, ignored, or the
//! reason why the whole is refused.

use std::io::{self, Read};

use super::limits::{Broken, Budget, Content};
use super::names::{Counts, Name, Seen};
use super::refusal::{Refusal, words};

const FILES_ALONE: &str = "hand in plain files: no links, pipes or devices";
const SMALLER: &str = "hand in the handler files alone: leave out target/, .git/ and everything \
                       that a build makes";
const WHOLE: &str = "make the archive again, and look whether it opens";

/// What an entry is, as its folder or archive says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// Anything else, in words.
    Other(&'static str),
}

/// Whose rules hold for what is neither file nor folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A folder, in which a link that nobody follows does no harm.
    Folder,
    /// An archive, which has no reason to hold any.
    Archive,
}

/// A file that counts, by its name.
#[derive(Debug)]
pub(super) struct Taken {
    /// Its name.
    pub name: Name,
    /// As what.
    pub counts: Counts,
    /// Its content, or why that cannot be had.
    pub content: Result<Content, String>,
}

/// What is not looked at.
#[derive(Debug)]
pub(super) struct Ignored {
    /// Its name.
    pub name: Name,
    /// How many of its parts name a folder (or file) that is junk as a whole.
    pub junk: Option<usize>,
    /// What there is to say.
    pub note: Option<String>,
    /// Whether it is a folder into which nobody looked.
    pub closed: bool,
}

/// All that is known of a submission before it is decided what of it counts.
#[derive(Debug)]
pub(super) struct Harvest {
    source: Source,
    seen: Seen,
    budget: Budget,
    /// What may count.
    pub taken: Vec<Taken>,
    /// What does not.
    pub ignored: Vec<Ignored>,
}

impl Harvest {
    /// Of nothing yet.
    pub fn of(source: Source) -> Self {
        Self {
            source,
            seen: Seen::default(),
            budget: Budget::default(),
            taken: Vec::new(),
            ignored: Vec::new(),
        }
    }

    /// How many entries may still come.
    pub fn entries_left(&self) -> usize {
        self.budget.entries_left()
    }

    /// Counts an entry that is none of the student's, as a header for the next one is.
    pub fn count(&mut self, raw: &[u8]) -> Result<(), Refusal> {
        self.budget
            .entry()
            .map_err(|why| Refusal::of(raw, why, SMALLER))
    }

    /// Decides on an entry by its name, and by what it is. Whoever gets a name back has
    /// a regular file that may count, and reads it.
    pub fn admit(&mut self, raw: &[u8], what: What) -> Result<Name, Refusal> {
        self.count(raw)?;
        let name = Name::parse(raw)?;
        match what {
            What::Folder => self.seen.folder(&name)?,
            _ if name.parts.is_empty() => {
                return Err(Refusal::of(raw, "a file without a name", WHOLE));
            }
            _ => self.seen.file(&name)?,
        }
        if name.junk().is_none() {
            self.refuse_posers(&name, what)?;
        }
        match (what, self.source) {
            (What::Other(what), Source::Archive) => Err(Refusal::of(raw, what, FILES_ALONE)),
            _ => Ok(name),
        }
    }

    /// What has the name of code must be code.
    fn refuse_posers(&self, name: &Name, what: What) -> Result<(), Refusal> {
        let within = |depth| Name {
            parts: name.parts[..depth].to_vec(),
        };
        let folders = match what {
            What::Folder => name.parts.len(),
            _ => name.folder().len(),
        };
        for folder in (1..=folders).map(within) {
            if folder.counts().is_code() {
                let text = folder.text();
                return Err(Refusal::of(text.as_bytes(), NOT_REGULAR, FILES_ALONE));
            }
        }
        match what {
            What::Other(what) if name.counts().is_code() => {
                let why = format!("{NOT_REGULAR}: {what}");
                Err(Refusal::of(name.text().as_bytes(), why, FILES_ALONE))
            }
            _ => Ok(()),
        }
    }

    /// Whether the file is one of those that are asked for.
    pub fn wants(&self, name: &Name) -> bool {
        name.counts() != Counts::Not && name.junk().is_none()
    }

    /// Keeps what a reader gives for a file, or lists the file if nobody asked for it.
    pub fn read(
        &mut self,
        name: Name,
        reader: impl Read,
        packed: Option<u64>,
    ) -> Result<(), Refusal> {
        let content = self.budget.drain(reader, packed);
        let content = content.map_err(|broken| broken_off(&name, broken))?;
        match self.wants(&name) {
            true => self.keep(name, Ok(content)),
            false => self.ignore(name),
        }
        Ok(())
    }

    /// Keeps a file, or that it cannot be read.
    pub fn keep(&mut self, name: Name, content: Result<Content, String>) {
        self.taken.push(Taken {
            counts: name.counts(),
            name,
            content,
        });
    }

    /// Lists a file that is not asked for.
    pub fn ignore(&mut self, name: Name) {
        let note = name.meant().map(|file| format!("write it {file}"));
        let note = note.or_else(|| is_packed(&name).then(|| NOT_OPENED.to_owned()));
        self.ignore_because(name, note);
    }

    /// The same, with something to say.
    pub fn ignore_because(&mut self, name: Name, note: Option<String>) {
        self.ignored.push(Ignored {
            junk: name.junk().map(|at| at + 1),
            name,
            note,
            closed: false,
        });
    }

    /// Lists a folder into which nobody looks.
    pub fn ignore_folder(&mut self, name: Name) {
        self.ignored.push(Ignored {
            junk: name.junk().map(|at| at + 1),
            name,
            note: None,
            closed: true,
        });
    }
}

/// Said of what should be a file.
pub(super) const NOT_REGULAR: &str = "not a regular file";

const NOT_OPENED: &str = "an archive in the submission is not opened";

fn is_packed(name: &Name) -> bool {
    super::archive::kind_of(name.last()).is_some()
}

fn broken_off(name: &Name, broken: Broken) -> Refusal {
    match broken {
        Broken::Limit(why) => Refusal::of(name.text().as_bytes(), why, SMALLER),
        Broken::Read(error) => unreadable(name.text().as_bytes(), &error),
    }
}

/// Said of what breaks off, or contradicts itself.
pub(super) fn unreadable(name: &[u8], error: &io::Error) -> Refusal {
    Refusal::of(name, format!("cannot be read: {}", words(error)), WHOLE)
}

/// The same of a whole archive.
pub(super) fn damaged(why: impl Into<String>) -> Refusal {
    Refusal::whole(why, WHOLE)
}

/// Said where a submission is too large.
pub(super) fn too_large(why: impl Into<String>) -> Refusal {
    Refusal::whole(why, SMALLER)
}
