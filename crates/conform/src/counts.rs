//! What the kernel did, in numbers.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use oracle::outcome::{End, Outcome};
use schemars::JsonSchema;
use serde::Serialize;
use vmsim::event::Op;
use vmsim::fault::SignalCode;

/// Counts of events, and of accesses by what the kernel did with them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Events of all kinds.
    pub events: u64,
    /// Reads, writes and fetches, and the copies of system calls.
    pub accesses: u64,
    /// System calls and other events that failed.
    pub failed_calls: u64,
    /// Accesses by their verdict: `none`, `minor`, `major`, `maperr`, `accerr`,
    /// `kernel`, `bus`, `EFAULT`, several joined by `+`.
    pub verdicts: BTreeMap<String, u64>,
}

impl Counts {
    pub(crate) fn count(&mut self, op: &Op, outcome: &Outcome) {
        self.events += 1;
        if op.is_access() {
            self.accesses += 1;
            *self.verdicts.entry(verdict(outcome)).or_default() += 1;
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

/// What the kernel did, in the words of the measured traces: `minor+accerr`.
pub fn verdict(outcome: &Outcome) -> String {
    let minor = vec!["minor"; outcome.faults.minor as usize];
    let major = vec!["major"; outcome.faults.major as usize];
    let end = match &outcome.end {
        End::Done => None,
        End::Signalled(signal) => Some(match signal.code {
            SignalCode::Maperr => "maperr",
            SignalCode::Accerr => "accerr",
            SignalCode::Kernel => "kernel",
            SignalCode::Adrerr => "bus",
        }),
        End::Failed(errno) => Some(errno.as_str()),
    };
    let all: Vec<&str> = minor.into_iter().chain(major).chain(end).collect();
    match all.is_empty() {
        true => "none".to_owned(),
        false => all.join("+"),
    }
}
