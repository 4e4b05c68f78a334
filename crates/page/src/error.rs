//! Why no page could be made.

use std::io;

/// Why no page could be made of a film.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The film cannot be read.
    #[error("cannot read the film: {0}")]
    Read(#[source] io::Error),
    /// A line of the film has another form.
    #[error("line {line} of the film is none: {source}")]
    Form {
        /// The line, counted from 1.
        line: u64,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The film is empty, or of another version.
    #[error("the film has the form `{found}`; this program reads `{}`", film::scene::SCHEMA)]
    Version {
        /// What its first line says.
        found: String,
    },
    /// The page cannot be written.
    #[error("cannot write the page: {0}")]
    Write(#[from] io::Error),
}
