//! What the kernel did, in numbers.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use oracle::outcome::{End, Outcome};
use schemars::JsonSchema;
use serde::Serialize;
use vmsim::event::Op;

/// Counts of events, and of accesses by what the kernel did with them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Events of all kinds.
    pub events: u64,
    /// Reads, writes and fetches, and the copies of system calls.
    pub accesses: u64,
    /// System calls and other events that failed.
    pub failed_calls: u64,
    /// Accesses by what the kernel did with them, in the words of [`Outcome`]: `none`,
    /// `minor`, `minor+accerr` and others.
    pub verdicts: BTreeMap<String, u64>,
}

impl Counts {
    pub(crate) fn count(&mut self, op: &Op, outcome: &Outcome) {
        self.events += 1;
        if op.is_access() {
            self.accesses += 1;
            *self.verdicts.entry(outcome.to_string()).or_default() += 1;
        } else if matches!(outcome.end, End::Failed(_)) {
            self.failed_calls += 1;
        }
    }
}

impl AddAssign<&Counts> for Counts {
    fn add_assign(&mut self, other: &Counts) {
        self.events += other.events;
        self.accesses += other.accesses;
        self.failed_calls += other.failed_calls;
        for (verdict, count) in &other.verdicts {
            *self.verdicts.entry(verdict.clone()).or_default() += count;
        }
    }
}
