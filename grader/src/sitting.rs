//! Many runs of one program in one process: a first try.
//!
//! A run that is right is most often one of hundreds that are, and a process for each of
//! them costs more than all of them. So they are made in one process, one after another
//! (`runner::sit`), as long as what comes back is a right log, all of it, with its signed
//! end, or a hole that is not written yet, which is what most of a half-done submission is.
//! At anything else the process is given up, and the run is made again in one of its own,
//! which alone says what became of it. No submission gets a worse verdict by what another
//! run left behind, and none a better one: nobody sits whose source could keep something,
//! or notice it (`scan::keeps`), and all runs of a sitting together have the limits of one.

use std::collections::HashSet;
use std::io;

use course::catalogue::Limits;
use runner::serve::Job;
use verdict::bounded::Bounds;
use verdict::received::is_at_end;
use verdict::served::Server;

use crate::launch::bounds;

/// The part of its time on the clock after which a run is not waited for among others: it
/// takes a thousandth of it, or it is a loop, which would take all of it twice.
const PATIENCE: u32 = 20;

/// Sittings of one submission.
#[derive(Debug, Default)]
pub(crate) struct Sitting {
    /// The one that is under way, and the limits that it was given.
    under_way: Option<(Server, Limits)>,
    /// Grafts of which something could not be taken once: they are not tried again.
    alone: HashSet<Vec<String>>,
}

impl Sitting {
    /// Makes a run, if it is worth a try; what `take` takes of what was told. `start` starts
    /// the program with some options.
    pub fn try_out<T>(
        &mut self,
        job: Job,
        trace: &[u8],
        limits: Limits,
        start: impl FnOnce(&str) -> io::Result<Server>,
        take: impl FnOnce(&[u8], &str) -> Option<T>,
    ) -> io::Result<Option<T>> {
        if self.alone.contains(&job.graft) {
            return Ok(None);
        }
        let mut server = match self.under_way.take() {
            Some((server, given)) if given == limits => server,
            _ => start(&options(limits))?,
        };
        let bounds = bounds(limits, trace);
        let soon = Bounds {
            wall: bounds.wall / PATIENCE,
            ..bounds
        };
        let ends = |told: &[u8]| is_at_end(told, &job.nonce);
        let answer = server.ask(&job.with(trace), soon, ends)?;
        let taken = answer.and_then(|told| take(&told, &job.nonce));
        match taken {
            Some(_) => self.under_way = Some((server, limits)),
            None => drop(self.alone.insert(job.graft)),
        }
        Ok(taken)
    }
}

fn options(limits: Limits) -> String {
    let Limits {
        cpu_seconds,
        memory_mib,
        ..
    } = limits;
    format!("--sit --cpu-seconds {cpu_seconds} --memory-mib {memory_mib}")
}
