//! What an operation took: processor time of this thread, the least of several rounds.
//!
//! Other programs only ever make it more, and what they take from the caches is the
//! reason why the least is told.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

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
    /// What one operation takes.
    pub nanoseconds: f64,
}

/// All points of a dimension: operation by operation, from the smallest size up.
pub fn points(dimension: Dimension, rounds: u32, mut done: impl FnMut(&Point)) -> Vec<Point> {
    let mut all = Vec::new();
    for operation in Operation::ALL {
        for &size in dimension.sizes() {
            let point = Point {
                operation,
                size,
                nanoseconds: least(operation, dimension, size, rounds),
            };
            done(&point);
            all.push(point);
        }
    }
    all
}

/// The least that one operation took in any round, each on a machine of its own. What the
/// audit and the observation take is in it.
fn least(operation: Operation, dimension: Dimension, size: u64, rounds: u32) -> f64 {
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
