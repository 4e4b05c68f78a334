//! A program under valgrind's lackey, its logs filtered while it runs.

use std::ffi::OsStr;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::compact::Compaction;
use crate::error::RunError;
use crate::program::{Program, candidates, is_executable};
use crate::spool::{Kept, Spool};

/// How long valgrind is left alone after it has written nothing: short for a
/// reader of the terminal, long for a CPU.
const PAUSE: Duration = Duration::from_millis(20);

/// What a recording has come to.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Access records so far.
    pub accesses: u64,
    /// Bytes of log so far.
    pub log_bytes: u64,
}

/// The logs of a program that ran. They are gone when it is dropped.
#[derive(Debug)]
pub struct Recording {
    /// The log of the first process.
    pub first: PathBuf,
    /// The logs of the processes it forked.
    pub children: Vec<PathBuf>,
    /// Access records, those that were left out included.
    pub accesses: u64,
    /// Bytes that valgrind wrote.
    pub log_bytes: u64,
    /// How the program ended.
    pub status: ExitStatus,
    /// Whether the program became another one, which is in no log.
    pub became_another: bool,
    /// Children that became other programs.
    pub children_lost_to_exec: u64,
    _folder: TempDir,
}

/// Valgrind on this machine.
#[derive(Clone, Debug)]
pub struct Valgrind(PathBuf);

impl Valgrind {
    /// Finds it in the search path.
    ///
    /// # Errors
    ///
    /// If it is not there.
    pub fn find() -> Result<Self, RunError> {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        candidates(OsStr::new("valgrind"), &paths)
            .find(|path| is_executable(path))
            .map(Self)
            .ok_or(RunError::NoValgrind)
    }

    /// Runs the program with our standard input, output and error, and records
    /// it and the processes it forks. `watch` is told how it goes, and may end it.
    ///
    /// # Errors
    ///
    /// If valgrind records nothing, or `watch` breaks the recording off.
    pub fn record(
        &self,
        program: &Program,
        mode: Compaction,
        mut watch: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Recording, RunError> {
        let folder = TempDir::with_prefix("faultline-")?;
        let mut spool = Spool::new(folder.path(), mode)?;
        let mut child = self
            .command(program, &spool)
            .spawn()
            .map_err(|source| RunError::Run {
                what: self.0.display().to_string(),
                source,
            })?;
        let status = follow(&mut child, &mut spool, &mut watch);
        if status.is_err() {
            // It is ours and still runs, or has just ended by itself.
            let _ended = child.kill().and_then(|()| child.wait());
        }
        recording(folder, spool, child.id(), status?, program)
    }

    fn command(&self, program: &Program, spool: &Spool) -> Command {
        let mut valgrind = Command::new(&self.0);
        valgrind.args([
            // No options but these, whatever ~/.valgrindrc says.
            "--command-line-only=yes",
            "--tool=lackey",
            "--trace-mem=yes",
            "--trace-syscalls=yes",
            "--trace-children=no",
            // No pipes for a debugger in /tmp.
            "--vgdb=no",
        ]);
        let mut log_file = OsStr::new("--log-file=").to_owned();
        log_file.push(spool.pattern());
        valgrind.arg(log_file);
        program.under(valgrind)
    }
}

/// Reads the logs until the first process has ended.
fn follow(
    child: &mut Child,
    spool: &mut Spool,
    watch: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<ExitStatus, RunError> {
    loop {
        let ended = child.try_wait()?;
        let bytes = spool.advance()?;
        let progress = Progress {
            accesses: spool.accesses(),
            log_bytes: spool.bytes(),
        };
        if watch(progress).is_break() {
            return Err(RunError::Interrupted);
        }
        match ended {
            Some(status) => return Ok(status),
            None if bytes == 0 => thread::sleep(PAUSE),
            None => {}
        }
    }
}

fn recording(
    folder: TempDir,
    spool: Spool,
    first: u32,
    status: ExitStatus,
    program: &Program,
) -> Result<Recording, RunError> {
    let nothing = || RunError::Valgrind {
        status,
        program: program.to_string(),
    };
    let (mut logs, log_bytes) = spool.finish()?;
    let accesses = logs.values().map(|log| log.accesses).sum();
    let first = logs.remove(&first).filter(|log| log.accesses > 0);
    let Kept {
        path, ends_in_exec, ..
    } = first.ok_or_else(nothing)?;
    let lost = logs.values().filter(|log| log.ends_in_exec).count() as u64;
    Ok(Recording {
        first: path,
        children: logs.into_values().map(|log| log.path).collect(),
        accesses,
        log_bytes,
        status,
        became_another: ends_in_exec,
        children_lost_to_exec: lost,
        _folder: folder,
    })
}
