//! Why a book cannot be used.

use std::io;
use std::path::{Path, PathBuf};

/// A book cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// There is none.
    #[error("{}: there is no gradebook\nhelp: `cargo xtask grade --out {}` makes one", path.display(), folder(path).display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Nothing was graded into it yet.
    #[error(
        "{}: nothing was graded into this gradebook yet\nhelp: `cargo xtask grade --out {}` does",
        path.display(), folder(path).display()
    )]
    Empty {
        /// The book.
        path: PathBuf,
    },
    /// It is something else.
    #[error(
        "{}: this file is no gradebook: {why}\nhelp: it was left as it is; move it away, or give \
         another `--out`",
        path.display()
    )]
    NotABook {
        /// The file.
        path: PathBuf,
        /// What it is.
        why: String,
    },
    /// A later kit has written it.
    #[error(
        "{}: this gradebook has form {found}, and this kit knows {known} and older ones\nhelp: use \
         the kit that wrote it, or a newer one",
        path.display()
    )]
    Newer {
        /// The book.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// An earlier kit has written it, and who only reads brings nothing up to date.
    #[error(
        "{}: this gradebook has form {found}, and this kit reads {known}\nhelp: `cargo xtask \
         grade --out {}` brings it up to date, and grades what has changed",
        path.display(), folder(path).display()
    )]
    Older {
        /// The book.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// Somebody else writes.
    #[error(
        "{}: another grader writes this gradebook: {who}\nhelp: wait for its end, or give another \
         `--out`",
        path.display()
    )]
    Busy {
        /// The book.
        path: PathBuf,
        /// Who.
        who: String,
    },
    /// It says what no book says.
    #[error(
        "{}: this gradebook is damaged: {what}\nhelp: take it from a backup, or move it away and \
         grade again",
        path.display()
    )]
    Damaged {
        /// The book.
        path: PathBuf,
        /// Where, and what.
        what: String,
    },
    /// The file cannot be made, or not be made private.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// SQLite has said no.
    #[error("{}: {error}\nhelp: is the disk full, or the file read-only?", path.display())]
    Sql {
        /// The book.
        path: PathBuf,
        /// Why.
        error: rusqlite::Error,
    },
}

impl BookError {
    /// Whether the book is to blame, which the user can give another one for, and not the
    /// machine or us.
    pub fn is_bad_input(&self) -> bool {
        !matches!(self, BookError::File { .. } | BookError::Sql { .. })
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}
