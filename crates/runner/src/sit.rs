//! Several runs of one program in one process, one after another (a sitting).
//!
//! Whoever asks for it has seen that the handlers can keep nothing from one run to the
//! next, and takes from here only what is right, or not written yet: everything else gets a
//! process of its own ([`serve`](crate::serve)).
//!
//! The process passes both gates of the sandbox before it is asked for anything. Then a
//! byte [`GO`] and a [`Job`] come in, on a descriptor that no handler knows of; the next
//! job is sent when the signed end of the one before has gone out. So no run can know of a
//! later one. All of them together have the limits of one. A run that comes to any other
//! end is the last.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};

use sandbox::enter::enter_inner;
use sandbox::tier::Tier;

use crate::end::End;
use crate::process::{Program, Run};
use crate::serve::{GO, Job};

/// Sits until nobody asks any more.
pub(crate) fn sit(mut run: Run, program: &Program) -> io::Result<()> {
    let asked = take_stdin()?;
    let tier = confine(&run, &asked)?;
    let mut input = BufReader::new(File::from(asked));
    while is_asked(&mut input)? {
        let job = Job::read(&mut input)?;
        let mut trace = Vec::new();
        (&mut input).take(job.trace_bytes).read_to_end(&mut trace)?;
        run.args.graft = job.holes()?;
        run.nonce = job.nonce;
        run.channel.begin(&run.nonce, tier)?;
        let end = run.replay(program.again(), &trace[..])?;
        // What was printed belongs to this run, and counts against its limit.
        io::stdout().flush()?;
        run.tell(&end)?;
        if !matches!(end, End::Finished | End::NotWritten(_)) {
            break;
        }
    }
    Ok(())
}

/// Takes standard input away from the rest of the process: whoever reads it from now on
/// reads a descriptor that is for writing only.
fn take_stdin() -> io::Result<OwnedFd> {
    let private = rustix::io::dup(io::stdin())?;
    rustix::stdio::dup2_stdin(io::stderr())?;
    Ok(private)
}

/// Passes both gates, and says between them that it is ready.
fn confine(run: &Run, asked: &OwnedFd) -> io::Result<Tier> {
    let refused = io::Error::other;
    let outer = run.enter_outer().map_err(refused)?;
    rustix::io::write(asked, &0_i32.to_ne_bytes())?;
    let mut plan = run.plan();
    plan.readable.push(asked.as_raw_fd());
    enter_inner(&plan, outer).map_err(refused)
}

fn is_asked(input: &mut impl Read) -> io::Result<bool> {
    let mut byte = [0];
    Ok(input.read(&mut byte)? == 1 && byte[0] == GO)
}
