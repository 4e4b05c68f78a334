//! Counting instructions with valgrind's callgrind.
//!
//! A program calls itself again under callgrind, which counts nothing but what happens in
//! [`counted`]. What it counts is the same each time, whatever else the machine does.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Matches the name of [`counted`] among all functions, with whatever the compiler has put
/// behind it.
const COUNTED: &str = "--toggle-collect=*callgrind*counted*";

/// Why nothing was counted.
#[derive(Debug, thiserror::Error)]
pub enum NotCounted {
    /// There is no valgrind.
    #[error("`valgrind` is not installed\n  Debian, Ubuntu: apt-get install valgrind")]
    NoValgrind,
    /// It could not be started, or its results could not be read.
    #[error("callgrind: {0}")]
    Io(#[from] io::Error),
    /// It did not get to the end.
    #[error("callgrind ended with {0}")]
    Ended(std::process::ExitStatus),
    /// Its results are not as they were when this was written.
    #[error("callgrind told no total")]
    NoTotal,
}

/// Runs the work, and has it counted if callgrind looks on.
#[inline(never)]
pub fn counted(work: &mut dyn FnMut()) {
    work();
}

/// Runs `program` under callgrind, and tells how many instructions
/// [`counted`] took there.
///
/// # Errors
///
/// If there is no valgrind, or the program does not end as it should.
pub fn count(program: &Path, arguments: &[&str]) -> Result<u64, NotCounted> {
    let results = tempfile::NamedTempFile::new()?;
    let mut out_file = std::ffi::OsString::from("--callgrind-out-file=");
    out_file.push(results.path());
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet", COUNTED])
        .arg(out_file)
        .arg(program)
        .args(arguments)
        .stdout(Stdio::null())
        .status();
    match status {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(NotCounted::NoValgrind),
        Err(error) => Err(error.into()),
        Ok(status) if !status.success() => Err(NotCounted::Ended(status)),
        Ok(_) => total(&std::fs::read_to_string(results.path())?).ok_or(NotCounted::NoTotal),
    }
}

/// The total of a callgrind.out file.
fn total(results: &str) -> Option<u64> {
    let mut lines = results.lines();
    let total = lines.find_map(|line| line.strip_prefix("totals: "))?;
    total.trim().parse().ok()
}
