//! Why the reference does what it does at an event: what a student should look at.

use std::rc::Rc;

use runner::log::signal_in_words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vmsim::machine::Machine;
use vmsim::observe::End;
use vmsim::pte::Pte;
use vmsim::trail::FaultTrail;
use vmtrace::open::open;

/// What the kernel looked at, and the rule that decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// The VMA, or that there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vma: Option<String>,
    /// The page-table entry before the fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The entry after the fault, as the reference leaves it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The rule that decided, by its number, and what it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The signal, if it ends in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<String>,
}

/// Replays a trace with the reference up to a line, and tells how it decides there.
/// None if the trace has no such line.
pub fn explain(trace: &[u8], line: u64) -> Option<Explanation> {
    let lines = open(trace).ok()?;
    let mut machine = Machine::new(*lines.config(), Rc::new(solution::Reference));
    machine.watch();
    for event in lines {
        let event = event.ok()?;
        let seen = machine.step(&event.event);
        if event.number == line {
            let trail = machine.trail()?;
            let mut told = trail.faults().last().map(of_fault).unwrap_or_default();
            if let End::Signalled(signal, delivery) = seen.end {
                told.signal = Some(signal_in_words(signal, delivery));
            }
            return Some(told);
        }
    }
    None
}

fn of_fault(fault: &FaultTrail) -> Explanation {
    Explanation {
        vma: Some(
            fault
                .vma
                .map_or("no VMA covers the address".to_owned(), |vma| {
                    vma.to_string()
                }),
        ),
        before: Some(entry(fault.before)),
        after: Some(entry(fault.after)),
        rule: fault.rule.map(|rule| format!("{rule}: {}", rule.title())),
        signal: None,
    }
}

/// The flags of an entry; frame numbers mean nothing to a reader.
fn entry(pte: Pte) -> String {
    if pte.is_none() {
        return "empty".to_owned();
    }
    if pte.swap_slot().is_some() {
        return "in a swap slot".to_owned();
    }
    let present = if pte.present() {
        "present"
    } else {
        "not present (PROT_NONE)"
    };
    let write = if pte.writable() {
        "writable"
    } else {
        "read-only"
    };
    let dirty = if pte.dirty() { ", dirty" } else { "" };
    format!("{present}, {write}{dirty}")
}
