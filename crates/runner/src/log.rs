//! The log: one line for each event, one column for each oracle.
//!
//! The grader compares the columns one by one, so each shows one kind of fact and
//! nothing that a correct kernel may do differently: frames are named by the order
//! in which they appear, and no column shows an allocation order.

use std::fmt::{self, Write};

use vmsim::cost::Cost;
use vmsim::event::{Event, Op};
use vmsim::fault::{Delivery, Repair, Signal};
use vmsim::observe::{End, Observation, ViolationKind};

/// An oracle: a kind of fact that the grader compares by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Oracle {
    /// K: the class.
    Class,
    /// V: values read, deaths, file contents.
    Value,
    /// G: signals and errors.
    Signal,
    /// S: page-table entries, frames, counts.
    State,
    /// I: invariants.
    Invariants,
    /// T: TLB coherence.
    Tlb,
    /// C: cost counters.
    Cost,
}

impl Oracle {
    /// All oracles, in the order of the columns.
    pub const ALL: [Oracle; 7] = [
        Oracle::Class,
        Oracle::Value,
        Oracle::Signal,
        Oracle::State,
        Oracle::Invariants,
        Oracle::Tlb,
        Oracle::Cost,
    ];

    /// The letter of the column.
    pub fn letter(self) -> char {
        match self {
            Oracle::Class => 'K',
            Oracle::Value => 'V',
            Oracle::Signal => 'G',
            Oracle::State => 'S',
            Oracle::Invariants => 'I',
            Oracle::Tlb => 'T',
            Oracle::Cost => 'C',
        }
    }

    /// What the oracle looks at, in words.
    pub fn describe(self) -> &'static str {
        match self {
            Oracle::Class => "the class of the fault",
            Oracle::Value => "the value that was read",
            Oracle::Signal => "the signal or error",
            Oracle::State => "the page-table entry and its frame",
            Oracle::Invariants => "an invariant of the machine",
            Oracle::Tlb => "what the TLBs remember",
            Oracle::Cost => "what it cost",
        }
    }
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The line of the trace; 0 for the last record, which is about the end.
    pub line: u64,
    /// The event, as the trace language writes it.
    pub event: String,
    /// What each oracle saw, in the order of [`Oracle::ALL`]; empty for nothing.
    pub columns: [String; 7],
}

impl Record {
    /// The record of an event.
    pub fn of_event(line: u64, text: &str, event: &Event, seen: &Observation) -> Self {
        Record {
            line,
            event: text.to_owned(),
            columns: [
                class(seen),
                value(seen),
                signal(seen),
                state(event, seen),
                violations(seen, ViolationKind::Invariant),
                violations(seen, ViolationKind::StaleTlb),
                cost(event, seen),
            ],
        }
    }

    /// The same record without the flushes that were needless, which are graded only
    /// where a trace asks for it.
    pub fn without_flushes(mut self) -> Self {
        let cost = &mut self.columns[Oracle::Cost as usize];
        let others = cost.split(' ').filter(|part| !part.starts_with(NEEDLESS));
        *cost = others.collect::<Vec<_>>().join(" ");
        self
    }

    /// What an oracle saw.
    pub fn column(&self, oracle: Oracle) -> &str {
        &self.columns[oracle as usize]
    }

    /// Reads a line of the log; none if it is no such line.
    pub fn parse(text: &str) -> Option<Record> {
        let mut fields = text.split('|');
        let (line, event) = fields.next()?.trim_start().split_once(' ')?;
        let line = if line == "end" { 0 } else { line.parse().ok()? };
        let mut columns: [String; 7] = Default::default();
        for (oracle, column) in Oracle::ALL.into_iter().zip(&mut columns) {
            let field = fields.next()?.trim();
            *column = field.strip_prefix(oracle.letter())?.trim_start().to_owned();
        }
        fields.next().is_none().then(|| Record {
            line,
            event: event.trim().to_owned(),
            columns,
        })
    }
}

/// Ends a column, or a line.
const ENDS: [u8; 3] = *b"|\n\r";

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, " end {:<42}", self.event)?,
            line => write!(f, "{line:>4} {:<42}", self.event)?,
        }
        for (oracle, column) in Oracle::ALL.into_iter().zip(&self.columns) {
            f.write_str(" | ")?;
            f.write_char(oracle.letter())?;
            if !column.is_empty() {
                f.write_str(" ")?;
            }
            // Text that could be mistaken for the end of a column never gets in.
            match column.bytes().any(|byte| ENDS.contains(&byte)) {
                true => f.write_str(&column.replace(ENDS.map(char::from), "/"))?,
                false => f.write_str(column)?,
            }
        }
        Ok(())
    }
}

/// Errors of system calls are signals' business, not classes.
fn class(seen: &Observation) -> String {
    match seen.end {
        End::Failed(_) if !seen.is_access => {
            let repaired = Observation {
                end: End::Done,
                ..seen.clone()
            };
            repaired.class()
        }
        _ => seen.class(),
    }
}

fn value(seen: &Observation) -> String {
    match (seen.value, seen.survived()) {
        (_, false) => "died".to_owned(),
        (Some(value), true) => value.to_string(),
        (None, true) => String::new(),
    }
}

/// The signal or error in words; empty for none.
pub(crate) fn signal(seen: &Observation) -> String {
    match seen.end {
        End::Signalled(signal, delivery) => signal_in_words(signal, delivery),
        End::Failed(errno) => errno.to_string(),
        End::OutOfMemory => "SIGKILL".to_owned(),
        End::Done | End::Livelock => String::new(),
    }
}

/// `SIGSEGV maperr 0x1000 handler`.
pub fn signal_in_words(signal: Signal, delivery: Delivery) -> String {
    let code = signal.code.to_string();
    let code = code.rsplit(' ').next().unwrap_or_default();
    let end = match delivery {
        Delivery::RunHandler => "handler",
        Delivery::Terminate => "killed",
        Delivery::ReturnEfault => return "EFAULT".to_owned(),
    };
    format!("{} {code} {} {end}", signal.name(), signal.addr)
}

fn state(event: &Event, seen: &Observation) -> String {
    let used = format!("frames={} slots={}", seen.frames_used, seen.slots_used);
    match &seen.page {
        Some(page) if event.op.is_access() => format!("{page} {used}"),
        _ => used,
    }
}

fn violations(seen: &Observation, kind: ViolationKind) -> String {
    let of_kind = seen.violations.iter().filter(|v| v.kind == kind);
    of_kind.map(|v| v.to_string()).next().unwrap_or_default()
}

/// The counter of needless flushes, as the log names it.
pub const NEEDLESS: &str = "needless-flushes";

/// Whether the functions of lab 6 acted: protect_page in mprotect, or spurious.
pub(crate) fn is_about_flushes(event: &Event, seen: &Observation) -> bool {
    let spurious = |fault: &vmsim::fault::FaultClass| fault.repair == Repair::Spurious;
    matches!(event.op, Op::Mprotect { .. }) || seen.faults.iter().any(spurious)
}

/// Flushes are left out: how many are needed depends on how clever a kernel is. But
/// the needless ones of lab 6 are told, if only to say that there is none.
fn cost(event: &Event, seen: &Observation) -> String {
    let mut told = Cost {
        local_flushes: 0,
        remote_flushes: 0,
        needless_flushes: 0,
        table_pages: 0,
        ..seen.cost
    }
    .to_string();
    if is_about_flushes(event, seen) {
        let space = if told.is_empty() { "" } else { " " };
        told += &format!("{space}{NEEDLESS}={}", seen.cost.needless_flushes);
    }
    told
}
