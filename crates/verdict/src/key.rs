//! Answer keys: insta snapshots of the reference's logs.
//!
//! The test suite makes them, a person reviews them, and this module reads those
//! very files.

use std::fs;
use std::path::{Path, PathBuf};

use runner::log::Record;

/// A key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("{}: {error}\nhelp: `cargo insta test --review -p grader` makes it", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is no snapshot of a log.
    #[error("{}:{line}: not a line of a log", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line in it.
        line: usize,
    },
}

/// Reads a key.
///
/// # Errors
///
/// If the file cannot be read or is no snapshot of a log.
pub fn read(path: &Path) -> Result<Vec<Record>, KeyError> {
    let text = fs::read_to_string(path).map_err(|error| KeyError::Read {
        path: path.to_owned(),
        error,
    })?;
    let mut lines = text.lines().enumerate();
    // The metadata that insta writes stands between two lines of dashes.
    for _ in 0..2 {
        lines.by_ref().find(|(_, line)| *line == "---");
    }
    let malformed = |index| KeyError::Malformed {
        path: path.to_owned(),
        line: index + 1,
    };
    lines
        .map(|(index, line)| Record::parse(line).ok_or_else(|| malformed(index)))
        .collect()
}
