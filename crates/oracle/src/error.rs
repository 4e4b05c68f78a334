//! What can go wrong with a run on the real kernel.

use std::io;

/// Why a trace could not be run natively. Nothing of this is a verdict.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system refused.
    #[error("cannot {what}: {error}")]
    Os {
        /// What was tried.
        what: String,
        /// What it said.
        error: io::Error,
    },
    /// The traced process did what it was not told to do.
    #[error("the traced process went astray: {0}")]
    Unexpected(String),
    /// This machine cannot run it.
    #[error("{0}")]
    Lacking(String),
}

impl Error {
    #[cfg_attr(
        not(all(target_os = "linux", target_arch = "x86_64")),
        expect(
            dead_code,
            reason = "only the native part asks the system for anything"
        )
    )]
    pub(crate) fn io(what: String, error: io::Error) -> Self {
        Error::Os { what, error }
    }
}
