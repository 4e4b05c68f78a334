//! Why a kernel does what it does at an event: what a student should look at.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vmsim::pte::Pte;
use vmsim::trail::FaultTrail;

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

impl Explanation {
    /// What decides at a fault.
    pub fn of_fault(fault: &FaultTrail) -> Self {
        Self {
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
