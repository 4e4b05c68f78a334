//! Why there is no such folder.

use std::io;
use std::path::{Path, PathBuf};

/// What went wrong, and where.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// A file or folder cannot be read or written.
    #[error("{}: {error}\nhelp: choose another `--out` or `--private`, or make room", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Something is in the folder already, which might be of other students.
    #[error("{} is not empty\nhelp: remove it, or choose another `--out`", .0.display())]
    NotEmpty(PathBuf),
    /// The key would go where the export goes.
    #[error(
        "{} is in {}: whoever gets the export would get the key\nhelp: choose a `--private` outside of it",
        private.display(),
        out.display()
    )]
    KeyInExport {
        /// Where the key would be.
        private: PathBuf,
        /// Where the export goes.
        out: PathBuf,
    },
    /// A file that we wrote has been changed so that it cannot be understood.
    #[error("{}: {why}\nhelp: {help}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
        /// What to do.
        help: &'static str,
    },
    /// Two students got one pseudonym.
    #[error(
        "two students have the pseudonym `{0}`\nhelp: remove the key; all pseudonyms change then"
    )]
    OnePseudonym(String),
    /// Nobody wrote anything.
    #[error("nobody has written anything yet: there is nothing to compare")]
    Nothing,
}

impl Trouble {
    /// An error of the file system, at this path.
    pub(crate) fn at(path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| Self::File {
            path: path.to_owned(),
            error,
        }
    }
}
