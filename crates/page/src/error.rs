//! Why no page could be made.

use std::io;

/// Why no page could be made of a film.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The film cannot be read, or is none.
    #[error(transparent)]
    Film(#[from] film::read::Error),
    /// The page cannot be written.
    #[error("cannot write the page: {0}")]
    Write(#[from] io::Error),
}
