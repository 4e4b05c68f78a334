//! Replays a trace with another CLOCK than the reference's: one whose newcomers have no
//! second chance. `clock < TRACE` prints what `solution --format summary` prints.
//!
//! Hardware sets the accessed bit of a page that came in as soon as the access is tried
//! again, so the reference's hand spares each page once. Course simulators let the hand
//! stand on the page that has just come in, and the next fault clears its bit. Miss ratios
//! that were measured with such a CLOCK can be compared with this one.

use std::io::{self, BufRead, BufWriter, Write};
use std::process::ExitCode;
use std::rc::Rc;

use runner::replay::{Format, Replay, Stopped};
use solution::Reference;
use vmsim::handlers::Handlers;
use vmsim::machine::Machine;
use vmsim::prelude::*;
use vmsim::replacement::{Move, Policy};

/// The reference's second chance, without the bits of pages that came in since the last
/// victim.
struct NewcomersClear;

impl Policy for NewcomersClear {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        for moved in k.take_moves() {
            if let Move::In(pfn, _) = moved {
                k.test_and_clear_accessed(pfn);
            }
        }
        Reference.choose_victim(k)
    }
}

fn main() -> ExitCode {
    match replay() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::from(65)
        }
    }
}

fn replay() -> Result<(), Box<dyn std::error::Error>> {
    let machine = |config| {
        let policy = Box::new(NewcomersClear);
        Machine::with_policy(config, Rc::new(Reference), policy)
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut trace = io::stdin().lock();
    // As a runner gets it: a line for a secret comes first, and is empty.
    trace.skip_until(b'\n')?;
    let mut replay = Replay::on(trace, machine, Format::Summary)?;
    replay.run(&mut out).map_err(|stopped| match stopped {
        Stopped::Trace(error) => Box::<dyn std::error::Error>::from(error),
        Stopped::Output(error) => error.into(),
    })?;
    Ok(out.flush()?)
}
