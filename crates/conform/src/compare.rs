//! One trace, twice: on the simulator and on the real kernel.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use oracle::NativeMachine;
use oracle::error::Error;
use oracle::outcome::{End, Outcome};
use vmsim::addr::PAGE_SIZE;
use vmsim::event::{Config, Event, Op};
use vmsim::fault::{Delivery, Repair};
use vmsim::machine::Machine;
use vmsim::observe::{self, FrameName, Observation};

use crate::counts::Counts;
use crate::facts::Facts;
use crate::pages::{PageDifference, first_difference, kind};
use comparable::computer::Swap;
use comparable::twin::Twin;
use oracle::plan::{PageOut, Plan};

/// The first event of a trace on which the two differ.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Index of the event.
    pub at: usize,
    /// In what they differ.
    pub what: What,
    /// The page, if it is another one than the event's.
    pub page: Option<PageDifference>,
    /// What the simulator says.
    pub kit: Observation,
    /// What the kernel did.
    pub linux: Outcome,
}

/// What two outcomes differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// How many minor and major faults there were.
    Faults,
    /// The signal, its code or address, or the error of a system call.
    End,
    /// The value that was read.
    Value,
    /// What the page table has for the page.
    Page,
    /// Whether the page was copied.
    Frame,
    /// What the page tables have for other pages.
    Pages,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            What::Faults => "the number of faults",
            What::End => "the signal or error",
            What::Value => "the value",
            What::Page => "the page-table entry",
            What::Frame => "the frame: copied or not",
            What::Pages => "the page tables",
        })
    }
}

/// Makes the simulator that is compared: the reference, or a kernel that is wrong on
/// purpose.
pub type MakeMachine<'a> = &'a (dyn Fn(Config) -> Machine + Sync);

/// What is compared with what, and how thoroughly.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// What this computer can tell.
    pub facts: &'a Facts,
    /// The simulator.
    pub make: MakeMachine<'a>,
    /// What is looked at after each event.
    pub depth: Depth,
    /// Set from outside to stop: the rest of a trace is taken to be the same.
    pub stop: &'a AtomicBool,
}

/// What is looked at after each event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What it led to, and the page of an access.
    Event,
    /// All pages of all processes, too.
    Pages,
}

/// What a comparison led to.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// The first difference.
    pub difference: Option<Difference>,
    /// What the kernel did.
    pub counts: Counts,
}

/// Runs a twin on both, up to the first difference.
///
/// # Errors
///
/// If the native run fails.
pub fn compare(twin: &Twin, setting: Setting<'_>) -> Result<Compared, Error> {
    let mut linux = NativeMachine::new(&plan(twin), &setting.facts.folder)?;
    let mut comparison = Comparison::new(twin, setting.make);
    for line in &twin.lines {
        let outcome = linux.step(&line.event)?;
        let differs = comparison.event(&line.event, outcome)
            || (setting.depth == Depth::Pages && comparison.pages(&linux));
        if differs || setting.stop.load(Ordering::Relaxed) {
            break;
        }
    }
    Ok(comparison.compared)
}

/// What the oracle has to know of a twin before it begins.
fn plan(twin: &Twin) -> Plan {
    let page_out = match twin.swap {
        Swap::Twice => PageOut::Twice,
        Swap::Exact | Swap::Cached | Swap::None => PageOut::Once,
    };
    Plan {
        page_out,
        ..Plan::of(&twin.config, twin.lines.iter().map(|line| &line.event))
    }
}

/// What the kernel does with the events of a twin, one after the other.
///
/// # Errors
///
/// If the native run cannot begin; the iterator tells when it fails.
pub fn native(
    twin: &Twin,
    folder: &Path,
) -> Result<impl Iterator<Item = Result<Outcome, Error>>, Error> {
    let mut linux = NativeMachine::new(&plan(twin), folder)?;
    let events = twin.lines.iter().map(|line| &line.event);
    Ok(events.map(move |event| linux.step(event)))
}

/// Compares what the kernel did with a simulator, up to the first difference.
pub fn against(twin: &Twin, outcomes: &[Outcome], make: MakeMachine<'_>) -> Compared {
    let mut comparison = Comparison::new(twin, make);
    for (line, outcome) in twin.lines.iter().zip(outcomes) {
        if comparison.event(&line.event, outcome.clone()) {
            break;
        }
    }
    comparison.compared
}

/// A comparison under way.
struct Comparison {
    kit: Machine,
    /// The kernel's frames by their names in the simulator's log.
    frames: HashMap<u32, u64>,
    compared: Compared,
    /// Events so far, and the last one's outcomes.
    events: usize,
    last: Option<(Observation, Outcome)>,
}

impl Comparison {
    fn new(twin: &Twin, make: MakeMachine<'_>) -> Self {
        Self {
            kit: make(twin.config),
            frames: HashMap::new(),
            compared: Compared::default(),
            events: 0,
            last: None,
        }
    }

    /// Lets the simulator do what the kernel did; returns whether they differ.
    fn event(&mut self, event: &Event, linux: Outcome) -> bool {
        let kit = self.kit.step(event);
        self.events += 1;
        self.compared.counts.count(&event.op, &linux);
        let what = differ(event, &kit, &linux)
            .or_else(|| self.page_differs(crosses_pages(&event.op), &kit, &linux));
        self.last = Some((kit, linux));
        what.is_some_and(|what| self.note(what, None))
    }

    /// Compares the page of an access, if it can be seen: what it is, and in which frame.
    fn page_differs(&mut self, crosses: bool, kit: &Observation, linux: &Outcome) -> Option<What> {
        let (page, after) = (kit.page.as_ref()?, linux.after?);
        let entry = self.kit.mm(kit.pid?)?.entry(kit.addr?.page());
        if kind(entry) != after.kind {
            return Some(What::Page);
        }
        let (name, pfn) = (name_of(page.frame)?, after.pfn?);
        let before = linux.before.and_then(|before| before.pfn);
        // Of several faults, some may be those of a second page.
        let copied = matches!(kit.faults[..], [fault] if fault.repair == Repair::CopyOnWrite);
        let moved = *self.frames.entry(name).or_insert(pfn) != pfn;
        let is_zero = name != ZERO_PAGE && self.frames.get(&ZERO_PAGE) == Some(&pfn);
        (moved || is_zero || (copied && !crosses && before == Some(pfn))).then_some(What::Frame)
    }

    /// Compares all page tables; returns whether they differ.
    fn pages(&mut self, linux: &NativeMachine) -> bool {
        let found = first_difference(&self.kit, linux);
        found.is_some_and(|page| self.note(What::Pages, Some(page)))
    }

    fn note(&mut self, what: What, page: Option<PageDifference>) -> bool {
        let last = self.last.take();
        self.compared.difference = last.map(|(kit, linux)| Difference {
            at: self.events - 1,
            what,
            page,
            kit,
            linux,
        });
        true
    }
}

fn differ(event: &Event, kit: &Observation, linux: &Outcome) -> Option<What> {
    let (minor, major) = counted(event, kit);
    if (minor, major) != (linux.faults.minor, linux.faults.major) {
        return Some(What::Faults);
    }
    if end(kit) != linux.end {
        return Some(What::End);
    }
    if kit.value != linux.value {
        return Some(What::Value);
    }
    None
}

fn crosses_pages(op: &Op) -> bool {
    match *op {
        Op::Write { addr, size, .. } | Op::CopyOut { addr, size, .. } => {
            addr.page_offset() + u64::from(size) > PAGE_SIZE
        }
        _ => false,
    }
}

/// Minor and major faults as Linux counts them: what `MAP_POPULATE` reads from a
/// file counts as minor (rule R12).
fn counted(event: &Event, kit: &Observation) -> (u64, u64) {
    let all = kit.faults.len() as u64;
    let major = match event.op {
        Op::Mmap { .. } => 0,
        _ => kit.faults.iter().filter(|fault| fault.major).count() as u64,
    };
    (all - major, major)
}

fn end(kit: &Observation) -> End {
    match kit.end {
        observe::End::Done => End::Done,
        observe::End::Signalled(_, Delivery::ReturnEfault) => End::Failed("EFAULT".to_owned()),
        observe::End::Signalled(signal, _) => End::Signalled(signal),
        observe::End::Failed(errno) => End::Failed(errno.to_string()),
        observe::End::OutOfMemory => End::Failed("out of memory".to_owned()),
        observe::End::Livelock => End::Failed("livelock".to_owned()),
    }
}

/// The zero page among the names of frames.
const ZERO_PAGE: u32 = u32::MAX;

fn name_of(frame: FrameName) -> Option<u32> {
    match frame {
        FrameName::Zero => Some(ZERO_PAGE),
        FrameName::Numbered(name) => Some(name),
        FrameName::None | FrameName::Swapped => None,
    }
}
