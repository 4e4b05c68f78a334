//! A run against its key: the verdict.

use runner::log::Record;

use crate::compare::{Difference, first_difference, where_it_stopped};
use crate::end::End;
use crate::run::Run;

/// What a run is worth, and the first thing that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How the run ended, now that it is known whether it got there rightly.
    pub end: End,
    /// The first difference to the key.
    pub difference: Option<Difference>,
}

/// Judges a run by its key.
pub fn judge(run: &Run, key: &[Record]) -> Verdict {
    let difference = first_difference(key, &run.records).or_else(|| {
        let stopped = run.told && !matches!(run.end, End::Passed | End::NotWritten);
        stopped
            .then(|| where_it_stopped(key, &run.records))
            .flatten()
    });
    let complete = run.records.len() == key.len();
    let end = match (run.end, &difference) {
        (End::Passed, Some(_)) => End::Failed,
        (End::Passed, None) if !complete => End::Failed,
        (end, _) => end,
    };
    Verdict { end, difference }
}
