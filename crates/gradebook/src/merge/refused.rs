//! Why books are not joined.

use std::path::PathBuf;

use crate::error::BookError;
use crate::shard::Shard;

/// Why books cannot be joined.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// One of them cannot be used.
    #[error(transparent)]
    Book(#[from] BookError),
    /// They were not graded under the same conditions.
    #[error(
        "these gradebooks were graded with different {what}:\n  {}: {}\n  {}: {}\nhelp: grade \
         all parts again with one checkout and one toolchain; what is known is not graded twice",
        one.display(), ones.trim_end(), other.display(), others.trim_end()
    )]
    Mixed {
        /// In what they differ.
        what: &'static str,
        /// A book.
        one: PathBuf,
        /// What it was graded with.
        ones: String,
        /// Another one.
        other: PathBuf,
        /// What that was graded with.
        others: String,
    },
    /// They are parts of classes that were divided differently.
    #[error(
        "{}: this is part {part}, and {} is part {others}\nhelp: merge parts of one division; \
         `cargo xtask grade --shard` makes them",
        path.display(), other.display()
    )]
    Divided {
        /// A book.
        path: PathBuf,
        /// Its part.
        part: Shard,
        /// Another one.
        other: PathBuf,
        /// The part of that.
        others: Shard,
    },
    /// They have different things of one student.
    #[error(
        "{} and {} have different {what} of `{student}`\nhelp: one of them is older: grade that \
         part again, or merge into another `--out`",
        one.display(), other.display()
    )]
    Conflict {
        /// Of what.
        what: &'static str,
        /// Whose.
        student: String,
        /// A book.
        one: PathBuf,
        /// Another one.
        other: PathBuf,
    },
}
