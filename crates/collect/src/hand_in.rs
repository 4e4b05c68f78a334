//! A hand-in as a layout reads it from names, before anybody has asked the roster.

use std::path::PathBuf;

use jiff::Timestamp;

/// What an identifier is in the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// `student_id`.
    Id,
    /// `email`.
    Email,
    /// `login`.
    Login,
}

/// A student as a course system calls them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What they are known by where no roster knows them: never a display name.
    pub key: String,
    /// What the roster may know them by.
    pub known_as: Vec<(Field, String)>,
    /// Their display name: shown, and nothing else.
    pub shown: Option<String>,
}

impl Person {
    /// A student whose key may be any of these in a roster.
    pub fn new(key: impl Into<String>, fields: &[Field]) -> Self {
        let key = key.into();
        let known_as = fields.iter().map(|field| (*field, key.clone())).collect();
        Self {
            key,
            known_as,
            shown: None,
        }
    }

    /// With this display name, if there is any.
    #[must_use]
    pub fn shown_as(self, name: &str) -> Self {
        let name = name.trim();
        let shown = (!name.is_empty()).then(|| name.to_owned());
        Self { shown, ..self }
    }
}

/// A file of a hand-in, and what it is called there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Which file of the export.
    pub entry: usize,
    /// Its folders and name in the submission.
    pub parts: Vec<String>,
}

/// One hand-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandIn {
    /// Whose; whoever comes first stands for the others.
    pub who: Vec<Person>,
    /// Which one of theirs, as the course system counts.
    pub order: Option<u64>,
    /// When.
    pub at: Option<Timestamp>,
    /// Whether the course system calls it late.
    pub late: bool,
    /// What the course system calls it.
    pub label: String,
    /// Its files.
    pub files: Vec<Placed>,
    /// The folder of the export that is this hand-in as it is, with nothing renamed.
    pub folder: Option<Vec<String>>,
    /// Where it lies ready, outside of any export that would have to be opened.
    pub ready: Option<PathBuf>,
    /// Why nobody can say whose it is.
    pub unclear: Option<String>,
}

impl HandIn {
    /// A student's, without anything in it yet.
    pub fn of(person: Person, label: impl Into<String>) -> Self {
        Self {
            who: vec![person],
            order: None,
            at: None,
            late: false,
            label: label.into(),
            files: Vec::new(),
            folder: None,
            ready: None,
            unclear: None,
        }
    }
}
