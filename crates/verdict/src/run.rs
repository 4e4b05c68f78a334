//! What came of a run, before anybody has judged it.

use runner::log::Record;
use sandbox::tier::Tier;

use crate::end::End;

/// What came of a run.
#[derive(Debug)]
pub struct Run {
    /// What was observed, up to the end.
    pub records: Vec<Record>,
    /// How it ended. [`End::Passed`] means that the trace was replayed to its end;
    /// whether rightly so, the key says.
    pub end: End,
    /// What there is to say of the end, in the student's terms.
    pub message: String,
    /// The line of the student's code, where one is to blame.
    pub at: Option<String>,
    /// Whether the runner told the end, so that all records are there.
    pub told: bool,
    /// The layers of the sandbox that were in force; none if student code never ran.
    pub tier: Option<Tier>,
}
