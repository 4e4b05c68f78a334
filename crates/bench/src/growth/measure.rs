//! What an operation took: processor time of this thread, the least of several rounds, or
//! instructions.
//!
//! Time is what somebody waits for, and what caches that are too small do to it is in it.
//! Instructions tell how an algorithm grows, and are the same each time.

use std::path::Path;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::callgrind::{self, NotCounted};
use crate::growth::operation::Operation;
use crate::growth::setting::Dimension;
use crate::plan::Look;

/// An operation at a size.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// Which.
    pub operation: Operation,
    /// How many there are of what the dimension counts.
    pub size: u64,
    /// What one operation takes, in the unit that was asked for.
    pub cost: f64,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Processor time.
    Nanoseconds,
    /// Instructions, by callgrind.
    Instructions,
}

impl Unit {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Nanoseconds => "nanoseconds",
            Unit::Instructions => "instructions",
        }
    }
}

/// The least time that one operation took in any round, each on a machine of its own. What
/// the audit and the observation take is in it.
pub fn time(operation: Operation, dimension: Dimension, size: u64, rounds: u32) -> f64 {
    let (plan, count) = operation.plan(dimension.setting(size));
    let round = |_| {
        let mut machine = plan.machine();
        let start = spent();
        plan.run(&mut machine, Look::All);
        (spent() - start).as_nanos() as f64 / count as f64
    };
    (0..rounds).map(round).fold(f64::INFINITY, f64::min)
}

/// Processor time that this thread has had.
fn spent() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// The instructions of one operation. `program` is one that calls [`be_counted`] when it is
/// given the names of the operation and of the dimension, and the size.
///
/// # Errors
///
/// If nothing can be counted on this machine.
pub fn instructions(
    operation: Operation,
    dimension: Dimension,
    size: u64,
    program: &Path,
) -> Result<f64, NotCounted> {
    let (_, count) = operation.plan(dimension.setting(size));
    let arguments = [operation.name(), dimension.name(), &size.to_string()];
    let all = callgrind::count(program, &arguments)?;
    Ok(all as f64 / count as f64)
}

/// Does what is counted.
pub fn be_counted(operation: Operation, dimension: Dimension, size: u64) {
    let (plan, _) = operation.plan(dimension.setting(size));
    let mut machine = plan.machine();
    callgrind::counted(&mut || plan.run(&mut machine, Look::All));
}
