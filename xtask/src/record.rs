//! `cargo xtask record`: traces of real programs.

mod import;
mod output;
mod program;
pub mod traced;

use std::ffi::OsString;
use std::path::PathBuf;

use recorder::compact::Compaction;
use recorder::cut::Cut;
use recorder::error::{Error, RunError};

use crate::exit::{Exit, Trouble};
use crate::interrupt::Interrupt;

/// Records a real program, or imports a log of one, as a trace.
///
/// PROGRAM runs under valgrind, with your input and output, and the trace has its
/// memory maps and its accesses in order, those of the processes that it forks
/// included. Before that it runs up to four times by itself, without input unless that
/// is a file, and without output: what the kernel counts for it goes into a
/// file beside the trace, and `cargo lab run` prints both.
///
/// A trace is of one address space. If PROGRAM becomes another program with
/// execve(2), as a script does that starts the real one, that one is recorded. A
/// child that does so is recorded up to there.
#[derive(clap::Args)]
pub struct Args {
    /// The log of the first process, instead of a program: what `valgrind
    /// --tool=lackey --trace-mem=yes --trace-syscalls=yes --log-file=FILE` writes,
    /// plain or packed with xz
    #[arg(long, value_name = "FILE", required_unless_present = "program")]
    import: Option<PathBuf>,
    /// The log of a process that another one forked; may be repeated
    #[arg(long, value_name = "FILE", conflicts_with = "program")]
    child: Vec<PathBuf>,
    /// The program headers of a static program (`readelf -lW`); else what it began
    /// with is guessed from the pages it used
    #[arg(long, value_name = "FILE")]
    segments: Option<PathBuf>,
    /// With `--import`, leaves out accesses to pages that were used a moment ago:
    /// they cannot fault. With PROGRAM that is the default
    #[arg(long, conflicts_with = "program")]
    per_page: bool,
    /// With PROGRAM, keeps all accesses; a second makes gigabytes of trace
    #[arg(long, conflicts_with = "import")]
    every_access: bool,
    /// Does not run PROGRAM by itself: no counts of the kernel's
    #[arg(long, conflicts_with = "import")]
    no_counts: bool,
    /// Keeps the first N events
    #[arg(long, value_name = "N", conflicts_with = "spread")]
    cut: Option<u64>,
    /// Keeps about N accesses, spread over the whole run, and all system calls
    #[arg(long, value_name = "N")]
    spread: Option<u64>,
    /// The trace; `-` is standard output, but not for PROGRAM, whose own that is [default: the name of the program or the
    /// log, here, as `sort.trace` for `sort -n` and for `sort.log.xz`]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Writes the binary form: half of the size, and faster to replay
    #[arg(long)]
    binary: bool,
    /// Never draws progress
    #[arg(long)]
    no_progress: bool,
    /// The program and its arguments
    #[arg(last = true, value_name = "PROGRAM", conflicts_with = "import")]
    program: Vec<OsString>,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let interrupt = Interrupt::listen()?;
    let done = match &args.import {
        Some(log) => import::run(args, log, &interrupt),
        None => program::run(args, &interrupt),
    };
    if done.is_err() {
        // Only now is nothing left behind.
        interrupt.obey();
    }
    done
}

impl Args {
    fn compaction(&self) -> Compaction {
        let all = match self.import {
            Some(_) => !self.per_page,
            None => self.every_access,
        };
        match all {
            true => Compaction::None,
            false => Compaction::PerPage,
        }
    }

    fn cut(&self) -> Cut {
        match (self.cut, self.spread) {
            (Some(events), _) => Cut::First(events),
            (None, Some(accesses)) => Cut::Spread(accesses),
            (None, None) => Cut::None,
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            Error::Write(_) | Error::Interrupted => Trouble::OurFault(error.into()),
            _ => Trouble::BadInput(error.into()),
        }
    }
}

impl From<RunError> for Trouble {
    fn from(error: RunError) -> Self {
        match error {
            RunError::NoProgram { .. } | RunError::Execute { .. } => {
                Trouble::BadInput(error.into())
            }
            RunError::NoValgrind => Trouble::Missing(error.into()),
            _ => Trouble::OurFault(error.into()),
        }
    }
}
