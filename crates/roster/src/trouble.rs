//! What is wrong with a file, where, and what to do.

use std::io;
use std::path::{Path, PathBuf};

/// A file that cannot be used as it is.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// It cannot be read at all.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// What it says cannot be meant.
    #[error("{}:{line}: {what}\nhelp: {help}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong, with the name of the column or field.
        what: String,
        /// What to do.
        help: String,
    },
}

impl Trouble {
    pub(crate) fn wrong(path: &Path, line: u64, what: impl Into<String>, help: &str) -> Self {
        Self::Wrong {
            path: path.to_owned(),
            line,
            what: what.into(),
            help: help.to_owned(),
        }
    }

    /// Reads a file as text, without the mark that Windows puts before it.
    pub(crate) fn text_of(path: &Path) -> Result<String, Self> {
        let bytes = std::fs::read(path).map_err(|error| Self::Unreadable {
            path: path.to_owned(),
            error,
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + good.iter().filter(|byte| **byte == b'\n').count() as u64;
            Self::wrong(
                path,
                line,
                "this is no UTF-8",
                "save the file anew, as \"CSV UTF-8\" or in the encoding UTF-8",
            )
        })?;
        Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
    }
}
