//! The log: one line for each event, one column for each oracle.
//!
//! The grader compares the columns one by one, so each shows one kind of fact and
//! nothing that a correct kernel may do differently: frames are named by the order
//! in which they appear, and no column shows an allocation order.

use std::fmt::{self, Write};
use std::mem;

use vmsim::event::{Event, Op};
use vmsim::fault::{Delivery, Repair, Signal};
use vmsim::observe::{End, Observation};

use crate::line;

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
        let mut fields = fields(text);
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

/// What stands between bars.
fn fields(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let bars = memchr::memchr_iter(b'|', text.as_bytes());
    bars.chain([text.len()])
        .map(move |end| &text[mem::replace(&mut start, end + 1)..end])
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = String::new();
        line::begin(&mut line, self.line, |out| out.write_str(&self.event))?;
        for oracle in Oracle::ALL {
            let foreign = |out: &mut String| line::foreign(out, self.column(oracle));
            line::column(&mut line, oracle, foreign)?;
        }
        f.write_str(&line)
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

/// The counter of needless flushes, as the log names it.
pub const NEEDLESS: &str = "needless-flushes";

/// Whether the functions of lab 6 acted: protect_page in mprotect, or spurious.
pub(crate) fn is_about_flushes(event: &Event, seen: &Observation) -> bool {
    let spurious = |fault: &vmsim::fault::FaultClass| fault.repair == Repair::Spurious;
    matches!(event.op, Op::Mprotect { .. }) || seen.faults.iter().any(spurious)
}
