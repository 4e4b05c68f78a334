//! Why an export is not collected.

use std::io;
use std::path::{Path, PathBuf};

use grader::intake::IntakeError;

use crate::layout::Layout;

/// What is wrong with an export, or with what was asked: the file, the place, the remedy.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// A path that cannot be read.
    #[error("{}: {error}\nhelp: give the export as it was downloaded, or the folder that it was unpacked to", .path.display())]
    Read {
        /// The path.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// An archive that is none, or is damaged.
    #[error("{}: the archive cannot be read: {why}\nhelp: download it again, and look whether it opens", .path.display())]
    Damaged {
        /// The archive.
        path: PathBuf,
        /// Why, as it may be shown.
        why: String,
    },
    /// An archive with a password.
    #[error("{}: `{entry}` is encrypted\nhelp: unpack it with its password, and give the folder", .path.display())]
    Encrypted {
        /// The archive.
        path: PathBuf,
        /// The first such entry, as it may be shown.
        entry: String,
    },
    /// More than anybody exports.
    #[error("{}: {what}\nhelp: unpack it, take out what no student handed in, and give the folder", .path.display())]
    TooLarge {
        /// The export.
        path: PathBuf,
        /// Which limit.
        what: String,
    },
    /// Names that no layout has, or two layouts have.
    #[error("{}: {why}\nwhat lies there: {sample}\nhelp: say what it is with `--layout`, one of {}, or describe the names with `--pattern`", .path.display(), Layout::names())]
    Unrecognised {
        /// The export.
        path: PathBuf,
        /// What was tried.
        why: String,
        /// A few names, as they may be shown.
        sample: String,
    },
    /// A layout was asked for, and nothing in the export has its form.
    #[error("{}: nothing in it has the form of `{layout}`: {form}\nwhat lies there: {sample}\nhelp: leave out `--layout` to have it recognised", .path.display())]
    NotOfLayout {
        /// The export.
        path: PathBuf,
        /// What was asked for.
        layout: Layout,
        /// What that looks like.
        form: &'static str,
        /// A few names, as they may be shown.
        sample: String,
    },
    /// What a course system says of its export cannot be understood.
    #[error("{}: {file}: {why}\nhelp: download the export again; if it stays so, grade the folders with `--layout plain`", .path.display())]
    Metadata {
        /// The export.
        path: PathBuf,
        /// The file in it.
        file: String,
        /// Why.
        why: String,
    },
    /// A pattern that says too little.
    #[error(
        "--pattern: {0}\nhelp: for instance '(?<student>[^/]+)/(?<file>.+)'; besides there are (?<attempt>…) and (?<time>…)"
    )]
    Pattern(String),
    /// Two exports know two students under one key.
    #[error("`{key}` is a student of {} and one of {}\nhelp: they may be two people: give a roster that has both, or grade the exports in two runs", .first.display(), .second.display())]
    Twice {
        /// The key, as it may be shown.
        key: String,
        /// One export.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// The export holds nothing.
    #[error("{}: nothing was handed in here\nhelp: is it the right download?", .0.display())]
    Nothing(PathBuf),
    /// A plain path that is no submission.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The scratch folder cannot be written.
    #[error("{}: {error}\nhelp: there must be room for what is unpacked; `TMPDIR` says where", .path.display())]
    Scratch {
        /// The folder.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

impl CollectError {
    /// A path cannot be read.
    pub(crate) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Read { path, error }
    }

    /// Whether the machine is to blame, and not what was given.
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Scratch { .. })
    }
}
