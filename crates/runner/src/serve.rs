//! Many runs of one program, without starting it anew for each (a fork server).
//!
//! The loader, the options and the outer gate of the sandbox are the same for all runs of
//! a submission. One process passes them and then waits; for each run it forks a child. The
//! child reads its secret and its trace, passes the inner gate, and is from then on what a
//! run of its own program would be. The parent reads no secret and no trace, calls nothing
//! of the student's, and says how each child ended. So nothing of a run is there in the
//! next one, and what a handler leaves in a `static` is gone with its process.
//!
//! Standard input is a socket: a byte [`GO`] and a [`Job`] come in, and the status of the
//! child, as `wait` gives it, goes out. The next job is sent after that.

use std::io::{self, BufRead, BufReader, Read};

use fork::{Fork, fork};
use rustix::io::Errno;
use rustix::process::{Pid, WaitOptions, waitpid};
use sandbox::enter::Refusal;
use sandbox::tier::Tier;
use serde::{Deserialize, Serialize};
use vmsim::handlers::Hole;

use crate::policy::Chooser;
use crate::process::{Program, Run};

/// Asks for a run.
pub const GO: u8 = b'g';

/// The longest line that a job has, in bytes.
const JOB_BYTES_MAX: u64 = 4 << 10;

/// A run: a line of JSON, and a trace behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Signs what is told.
    pub nonce: String,
    /// The holes for which the program's own methods are used; for all if there is none.
    pub graft: Vec<String>,
    /// Who chooses the victims instead of `choose_victim`.
    pub policy: Option<Chooser>,
    /// CPU time, in seconds.
    pub cpu_seconds: u64,
    /// Address space, in MiB.
    pub memory_mib: u64,
    /// The length of the trace.
    pub trace_bytes: u64,
}

impl Job {
    /// What is sent to ask for this run of this trace.
    pub fn with(&self, trace: &[u8]) -> Vec<u8> {
        let line = serde_json::to_string(self).unwrap_or_default();
        [&[GO], line.as_bytes(), b"\n", trace].concat()
    }

    /// Reads the line; the trace comes behind it.
    pub(crate) fn read(input: &mut impl BufRead) -> io::Result<Self> {
        let mut line = String::new();
        input.take(JOB_BYTES_MAX).read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }

    /// The holes that it names.
    pub(crate) fn holes(&self) -> io::Result<Vec<Hole>> {
        let named: Option<_> = self.graft.iter().map(|name| Hole::named(name)).collect();
        named.ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

/// How many bytes a status has.
pub const STATUS_BYTES: usize = size_of::<i32>();

/// Serves until nobody asks any more.
pub(crate) fn serve(run: Run, program: Program) -> io::Result<()> {
    let outer = run.enter_outer();
    answer(0)?;
    let server = std::process::id();
    while asked()? {
        match fork()? {
            Fork::Child => return child(run, program, server, outer),
            Fork::Parent(child) => answer(wait_for(child)?)?,
        }
    }
    Ok(())
}

/// Whether there is something to do. One byte is read, and nothing of the job.
fn asked() -> io::Result<bool> {
    let mut byte = [0];
    loop {
        match rustix::io::read(io::stdin(), &mut byte) {
            Ok(read) => return Ok(read == 1 && byte[0] == GO),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn wait_for(child: i32) -> io::Result<i32> {
    loop {
        match waitpid(Pid::from_raw(child), WaitOptions::empty()) {
            Ok(Some((_, status))) => return Ok(status.as_raw()),
            Ok(None) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn answer(status: i32) -> io::Result<()> {
    rustix::io::write(io::stdin(), &status.to_ne_bytes())?;
    Ok(())
}

/// The life of a child, up to the end of its process.
fn child(
    mut run: Run,
    program: Program,
    server: u32,
    outer: Result<Tier, Refusal>,
) -> io::Result<()> {
    let mut input = BufReader::new(io::stdin());
    let job = Job::read(&mut input)?;
    run.args.graft = job.holes()?;
    run.args.policy = job.policy;
    run.args.cpu_seconds = Some(job.cpu_seconds);
    run.args.memory_mib = Some(job.memory_mib);
    run.args.parent = Some(server);
    run.nonce = job.nonce;
    run.meet(program, input.take(job.trace_bytes), |_| outer)
}
