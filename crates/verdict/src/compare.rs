//! A log against its key, up to the first difference.
//!
//! The seven oracles are compared one by one, because a grader that sees only
//! values misses a quarter of all mistakes. Of one event, the difference that
//! tells most is reported.

use runner::log::{NEEDLESS, Oracle, Record};

/// The first difference between a log and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The line of the trace; 0 for the end of it.
    pub line: u64,
    /// The event.
    pub event: String,
    /// The oracle that saw it.
    pub oracle: Oracle,
    /// What the key has.
    pub expected: String,
    /// What the log has.
    pub got: String,
}

/// The oracles, from the one that explains most.
const TELLING: [Oracle; 7] = [
    Oracle::Signal,
    Oracle::Class,
    Oracle::Value,
    Oracle::Tlb,
    Oracle::Invariants,
    Oracle::State,
    Oracle::Cost,
];

/// Finds the first event that the two tell differently. A log that is shorter than
/// its key has no difference here: how its run ended says why.
pub fn first_difference(key: &[Record], log: &[Record]) -> Option<Difference> {
    key.iter()
        .zip(log)
        .find_map(|(expected, got)| difference(expected, got))
}

/// Said of an event that a run did not come out of.
pub const STOPPED: &str = "the run stopped here";

/// The event that a run was stopped in: the first of the key that the log lacks.
pub fn where_it_stopped(key: &[Record], log: &[Record]) -> Option<Difference> {
    let expected = key.get(log.len())?;
    let told = |oracle: &Oracle| !expected.column(*oracle).is_empty();
    let oracle = TELLING.into_iter().find(told).unwrap_or(Oracle::Class);
    Some(Difference {
        line: expected.line,
        event: expected.event.clone(),
        oracle,
        expected: expected.column(oracle).to_owned(),
        got: STOPPED.to_owned(),
    })
}

fn difference(expected: &Record, got: &Record) -> Option<Difference> {
    let oracle = TELLING
        .into_iter()
        .find(|&oracle| !agree(oracle, expected, got))?;
    Some(Difference {
        line: expected.line,
        event: expected.event.clone(),
        oracle,
        expected: expected.column(oracle).to_owned(),
        got: got.column(oracle).to_owned(),
    })
}

/// Being cheaper than the reference is no mistake, and needless flushes are none where
/// the key does not speak of them.
fn agree(oracle: Oracle, expected: &Record, got: &Record) -> bool {
    let (expected, got) = (expected.column(oracle), got.column(oracle));
    match oracle {
        Oracle::Cost => counters(got).all(|(name, count)| {
            match counters(expected).find(|&(other, _)| name == other) {
                Some((_, limit)) => count <= limit,
                None => name == NEEDLESS,
            }
        }),
        _ => expected == got,
    }
}

/// The counters of a cost column: `zeroed=1 copied=2`.
fn counters(column: &str) -> impl Iterator<Item = (&str, u64)> {
    column.split_whitespace().filter_map(|counter| {
        let (name, count) = counter.split_once('=')?;
        Some((name, count.parse().ok()?))
    })
}
