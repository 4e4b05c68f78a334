//! What stands in for following a program where ptrace(2) is not that of Linux.

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::Command;

use crate::native::Run;

/// Fails: there is nobody to trace this process.
pub fn become_traced(_: &OsStr, _: &[OsString]) -> io::Error {
    io::ErrorKind::Unsupported.into()
}

/// Fails.
///
/// # Errors
///
/// Always.
pub(crate) fn follow(_: Command) -> io::Result<Option<Run>> {
    Err(io::ErrorKind::Unsupported.into())
}
