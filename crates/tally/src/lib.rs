//! What the kernel counted for a recorded program, kept beside its trace.
//!
//! A trace holds accesses and nothing about the machine that they were recorded
//! on. The [`Tally`] of `ls.trace` is `ls.trace.kernel.toml`: `cargo xtask record`
//! writes both, and `cargo lab run` prints the counts beside those of its replay.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use runner::totals::Counts;
use serde::{Deserialize, Serialize};

/// The form of the file that this crate reads and writes.
pub const VERSION: u32 = 1;

/// What the kernel counted for a program, and what is to be known to compare it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// [`VERSION`].
    pub version: u32,
    /// The program and its arguments, as they were asked for.
    pub command: Vec<String>,
    /// The program that ran in the end, and its arguments: another one if the
    /// first became it with execve(2), as a script that starts the real program.
    pub recorded: Vec<String>,
    /// Events of the trace, which tells a tally of another trace.
    pub events: u64,
    /// Processes with a log.
    pub processes: u32,
    /// Children that became another program with execve(2). What they did then
    /// was counted by the kernel and is in no log.
    pub children_lost_to_exec: u64,
    /// `uname -sr`.
    pub kernel: String,
    /// `/sys/kernel/mm/transparent_hugepage/enabled`, the chosen word.
    pub huge_pages: String,
    /// `ru_minflt` and `ru_majflt` of wait4(2) for a program that was started as
    /// with vfork(2), its children included.
    pub started: Counts,
    /// An earlier run, if it had to read files from the disk.
    pub cold: Option<Counts>,
    /// A run that was followed with ptrace(2), where that is allowed.
    pub followed: Option<Followed>,
}

/// The faults of one run, split where the program's first instruction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Followed {
    /// Of execve(2) itself.
    pub exec: Counts,
    /// From the first instruction to the end, the children's included.
    pub program: Counts,
}

/// Why a tally cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is there but cannot be read.
    #[error("{}: {source}\nhelp: check the permissions, or remove the file", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file holds something else.
    #[error(
        "{}: {}\nhelp: remove the file, or record the program again",
        path.display(),
        source.to_string().trim_end()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
    /// The file was written by another version of the kit.
    #[error("{}: version {found}, expected {VERSION}\nhelp: record the program again", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// What it says.
        found: u32,
    },
}

/// Where the tally of a trace is: `ls.trace.kernel.toml` for `ls.trace`.
pub fn path_beside(trace: &Path) -> PathBuf {
    let mut path = trace.as_os_str().to_owned();
    path.push(".kernel.toml");
    path.into()
}

impl Tally {
    /// Reads the tally of a trace; none if there is none, as for all traces that
    /// nobody recorded.
    ///
    /// # Errors
    ///
    /// If there is one that cannot be read.
    pub fn beside(trace: &Path) -> Result<Option<Self>, Error> {
        let path = path_beside(trace);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::Read { path, source }),
        };
        let tally: Self = toml::from_str(&text).map_err(|source| Error::Malformed {
            path: path.clone(),
            source: Box::new(source),
        })?;
        match tally.version {
            VERSION => Ok(Some(tally)),
            found => Err(Error::Version { path, found }),
        }
    }

    /// The text of the file.
    pub fn to_toml(&self) -> String {
        let fields = toml::to_string(self).expect("numbers and texts");
        format!(
            "# What the kernel counted for this program, for `cargo lab run`;\n\
             # the fields are explained in labs/recorded/README.md.\n{fields}"
        )
    }
}
