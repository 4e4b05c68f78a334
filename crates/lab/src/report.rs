//! How commands end: messages for people, exit codes for scripts.

use std::process::ExitCode;

/// Why a command did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The handlers did not get to the end of the trace.
    #[error("{0}")]
    Handlers(String),
    /// The submission does not compile; the compiler has said why.
    #[error("labs/{0} does not compile, so nothing was run\nhelp: the compiler says why, above")]
    DoesNotCompile(&'static str),
    /// Something is wrong, and all of it has been told.
    #[error("")]
    Told,
    /// It was asked for what is not there.
    #[error("{0}")]
    Usage(String),
    /// The trace is malformed.
    #[error("{0}")]
    BadInput(String),
    /// A signal asked the command to end: its number.
    #[error("ended by signal {0}")]
    Signalled(i32),
    /// The kit itself failed.
    #[error("{0}")]
    Internal(String),
}

impl Failure {
    fn exit_code(&self) -> u8 {
        match self {
            Failure::Handlers(_) | Failure::DoesNotCompile(_) | Failure::Told => 1,
            Failure::Usage(_) => 2,
            Failure::BadInput(_) => 65,
            // As shells tell it.
            Failure::Signalled(number) => 128 + *number as u8,
            Failure::Internal(_) => 70,
        }
    }
}

/// Reports a failure and turns the result into an exit code.
pub(crate) fn exit(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure @ Failure::Told) => ExitCode::from(failure.exit_code()),
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}
