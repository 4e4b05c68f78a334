//! What can go wrong: in an import always somebody's file, with place and remedy;
//! in a recording the machine, too.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be opened or read.
    #[error("{}: {source}\nhelp: check the path and the permissions; `.xz` files must be whole", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line is not what its file should hold.
    #[error("{}:{line}: expected {expected}, found `{found}`\nhelp: {remedy}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What should stand there.
        expected: String,
        /// What stands there, shortened.
        found: String,
        /// How to make a file that can be read.
        remedy: &'static str,
    },
    /// The file holds no line of the kind it is read for.
    #[error("{}: no {what}\nhelp: {remedy}", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
        /// How to make a file that can be read.
        remedy: &'static str,
    },
    /// The program may lie anywhere, so its headers do not say where it lay.
    #[error(
        "{}: the program is position-independent\nhelp: link it with `-static -no-pie`, or import without segments",
        path.display()
    )]
    Relocatable {
        /// The file with the program headers.
        path: PathBuf,
    },
    /// A log was given for a process that no other log creates.
    #[error(
        "{}: no log creates process {pid}\nhelp: give the log of the first process first, and the logs of all its children",
        path.display()
    )]
    Orphan {
        /// The log nobody asked for.
        path: PathBuf,
        /// Its process, as the log numbers it.
        pid: u32,
    },
    /// Somebody asked for an end; see [`Request::interrupt`](crate::import::Request).
    #[error("interrupted")]
    Interrupted,
    /// The trace could not be written.
    #[error("cannot write the trace: {0}\nhelp: check the disk and the permissions of the output")]
    Write(#[from] io::Error),
}

/// Why a program was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is no such program.
    #[error(
        "{}: no such program\nhelp: check the spelling, the path and the permission to execute it",
        name.display()
    )]
    NoProgram {
        /// What was asked for.
        name: OsString,
    },
    /// There is one, but it cannot be executed.
    #[error("{}: {source}\nhelp: a script begins with `#!` and its interpreter", path.display())]
    Execute {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Valgrind is not there.
    #[error(
        "valgrind is not installed; it writes down a program's accesses\n\
         help: apt-get install valgrind"
    )]
    NoValgrind,
    /// Valgrind ran and recorded nothing.
    #[error(
        "valgrind recorded nothing ({status})\n\
         help: it has said why; see whether `valgrind --tool=lackey {program}` works"
    )]
    Valgrind {
        /// How it ended.
        status: ExitStatus,
        /// The program and its arguments.
        program: String,
    },
    /// A process could not be started or watched.
    #[error("cannot run {what}: {source}\nhelp: see whether it runs by itself")]
    Run {
        /// What was to run.
        what: String,
        /// What the system said.
        source: io::Error,
    },
    /// The log could not be kept.
    #[error(
        "cannot keep the log: {0}\nhelp: make room in the folder for temporary files, or set `TMPDIR` to another one"
    )]
    Spool(#[from] io::Error),
    /// Somebody asked for an end.
    #[error("interrupted")]
    Interrupted,
}
