//! What is told of an event.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::state::Change;

/// Version of the form; it grows when a field changes its meaning.
pub const SCHEMA: &str = "faultline.film/1";

/// The titles of the seven steps, in order. The last one differs if the process does not
/// resume: [`NOT_RESUMED`] ([`Fault::title`]).
pub const STEPS: [&str; 7] = [
    "the MMU detects",
    "the exception is raised",
    "the kernel takes control",
    "the kernel investigates",
    "the kernel acts",
    "the page table is updated",
    "the process resumes",
];

/// The title of the last step if the process does not resume.
pub const NOT_RESUMED: &str = "the process does not resume";

/// The first line of a film: the machine before the first event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// [`SCHEMA`].
    pub schema: String,
    /// Frames of physical memory.
    pub frames: u32,
    /// Swap slots.
    pub swap: u32,
    /// CPUs.
    pub cpus: u8,
    /// What the machine holds already: process 1.
    pub changes: Vec<Change>,
}

/// The last line of a film that was told to its end. One that a handler stopped has none:
/// its last line is the scene of the event in which that happened
/// ([`Outcome::Stopped`]), unless whoever keeps the film adds a closing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// How many scenes came before.
    pub scenes: u64,
    /// How the run ended, if not with the trace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// What the audit found wrong at the end of the trace.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// Its line in the trace.
    pub line: u64,
    /// The event as the trace language has it.
    pub text: String,
    /// Its first word: `read`, `mmap`, …
    pub op: String,
    /// The process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// The CPU.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cpu: u8,
    /// The virtual address, of events that have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addr: Option<u64>,
    /// The class as the log prints it, of accesses and of calls that took faults; else
    /// empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// The colour that a timeline gives it.
    pub outcome: Outcome,
    /// The value that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<u64>,
    /// The signal in words, as the log prints it, or the error of a system call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// The faults that it took, each in seven steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
    /// What services did for other reasons than a fault: fork, munmap, exit and others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Call>,
    /// Why there is no page fault where one might expect one: #GP, a refused range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What the audit found wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
    /// The counters that it moved, by their names in the log: `zeroed`, `copied`, …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cost: BTreeMap<String, u64>,
    /// What it changed in the machine, in an order in which it can be applied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

/// How an event ended, from harmless to grave: an event with several faults has the
/// gravest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// No access and no fault: `mmap`, `fork`, …
    Call,
    /// An access without a fault.
    Hit,
    /// At least one minor fault.
    Minor,
    /// At least one major fault.
    Major,
    /// A system call that failed, without a signal.
    Failed,
    /// A signal: SIGSEGV or SIGBUS.
    Signal,
    /// Killed for lack of memory.
    Oom,
    /// The same access faulted again and again.
    Livelock,
    /// A handler did not return: it is not written yet, it panicked, or it did what no
    /// kernel may do. The scene goes as far as the event got.
    Stopped,
}

/// A fault in seven steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Its class: `minor demand-zero`, `segv maperr`, …; empty if a handler did not return.
    pub class: String,
    /// The process.
    pub pid: u32,
    /// The virtual page number: the address without its last twelve bits.
    pub page: u64,
    /// The address.
    pub addr: u64,
    /// Whether the instruction is executed again.
    pub resumes: bool,
    /// What is told of each of the seven steps, a line each.
    pub steps: [Vec<String>; 7],
    /// What the handlers made the kernel do (step 5): the first lines of that step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Call>,
    /// The walk of the page tables, level by level, as far as it came; empty if a TLB
    /// entry refused.
    pub walk: Vec<Walked>,
    /// The VMA in words; none covers the address otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vma: Option<String>,
    /// The entry before, in words.
    pub before: String,
    /// The entry after, in words.
    pub after: String,
    /// The rule that decided, by its number: `R4`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What that rule says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_says: Option<String>,
}

/// One level of a walk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walked {
    /// `PGD`, `PUD`, `PMD`, `PTE`.
    pub level: String,
    /// The index into the table: nine bits of the address.
    pub index: u16,
    /// The bits that are set: `P W U A D NX`; empty for an empty entry.
    pub bits: String,
    /// The frame that it leads to, if it is present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<u32>,
}

/// A call of a kernel service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// What it did, in words.
    pub what: String,
    /// The line of the handler that called it: `labs/skeleton/src/lab2.rs:17`.
    pub at: String,
}

/// An invariant that does not hold any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// What is wrong, in words.
    pub what: String,
    /// The line of the handler that is to blame, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

impl Scene {
    /// The same scene without how the handlers did it: no calls of services, and no
    /// places in their code. What is left is what a correct kernel comes to, whoever
    /// wrote it; so it may be given to students.
    pub fn for_students(mut self) -> Self {
        self.calls.clear();
        for fault in &mut self.faults {
            fault.drop_calls();
        }
        for violation in &mut self.violations {
            violation.at = None;
        }
        self
    }
}

impl Fault {
    /// The title of a step, counted from 0.
    pub fn title(&self, step: usize) -> &'static str {
        match (step, self.resumes) {
            (6, false) => NOT_RESUMED,
            _ => STEPS[step],
        }
    }

    fn drop_calls(&mut self) {
        let acted = &mut self.steps[ACTS];
        let calls = self.calls.len().min(acted.len());
        acted.drain(..calls);
        if acted.is_empty() {
            acted.push(NOT_TOLD.to_owned());
        }
        self.calls.clear();
    }
}

/// The fifth of the seven steps, counted from 0: the kernel acts.
pub const ACTS: usize = 4;

/// The sixth, counted from 0: from here on the state is the one after the fault.
pub const UPDATES: usize = 5;

/// What stands in the fifth step where the handlers' calls are left out.
pub const NOT_TOLD: &str = "a handler repairs it (how, is not told here)";

fn is_zero(number: &u8) -> bool {
    *number == 0
}
