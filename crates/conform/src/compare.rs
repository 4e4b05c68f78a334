//! One trace, twice: on the simulator and on the real kernel.

use std::collections::HashMap;
use std::path::Path;

use oracle::NativeMachine;
use oracle::error::Error;
use oracle::outcome::{End, Outcome, PageKind};
use vmsim::addr::{PAGE_SIZE, VirtAddr};
use vmsim::event::{Config, Event, Op};
use vmsim::fault::{Delivery, Repair};
use vmsim::machine::Machine;
use vmsim::observe::{self, FrameName, Observation};

use crate::twin::Twin;

/// The first event of a trace on which the two differ.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Index of the event.
    pub at: usize,
    /// In what they differ.
    pub what: What,
    /// What the simulator says.
    pub kit: Observation,
    /// What the kernel did.
    pub linux: Outcome,
}

/// What two outcomes differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

/// Makes the simulator that is compared.
pub type MakeMachine<'a> = &'a dyn Fn(Config) -> Machine;

/// Runs a twin on both, up to the first difference.
pub fn compare(twin: &Twin, folder: &Path, make: MakeMachine<'_>) -> Result<Option<Difference>, Error> {
    let mut kit = make(twin.config);
    let events = || twin.lines.iter().map(|line| &line.event);
    let files = events().filter(|event| matches!(event.op, Op::File { .. })).count();
    let used: Vec<VirtAddr> = events().filter_map(|event| event.op.addr()).collect();
    let mut linux = NativeMachine::new(&twin.config, files, folder, &used)?;
    let mut frames = HashMap::new();
    for (at, event) in events().enumerate() {
        let (kit, linux) = (kit.step(event), linux.step(event)?);
        if let Some(what) = differ(event, &kit, &linux, &mut frames) {
            return Ok(Some(Difference { at, what, kit, linux }));
        }
    }
    Ok(None)
}

fn differ(event: &Event, kit: &Observation, linux: &Outcome, frames: &mut HashMap<u32, u64>) -> Option<What> {
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
    page_differs(crosses_pages(&event.op), kit, linux, frames)
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

fn page_differs(crosses: bool, kit: &Observation, linux: &Outcome, frames: &mut HashMap<u32, u64>) -> Option<What> {
    let (Some(page), Some(after)) = (&kit.page, linux.after) else {
        return None;
    };
    let same_kind = match page.frame {
        FrameName::None => after.kind == PageKind::None,
        FrameName::Swapped => after.kind == PageKind::Swapped,
        FrameName::Zero => after.kind == PageKind::Anon,
        FrameName::Numbered(_) => matches!(after.kind, PageKind::Anon | PageKind::Object),
    };
    if !same_kind {
        return Some(What::Page);
    }
    let (FrameName::Numbered(name), Some(pfn)) = (page.frame, after.pfn) else {
        return None;
    };
    let before = linux.before.and_then(|before| before.pfn);
    // Of several faults, some may be those of a second page.
    let copied = matches!(kit.faults[..], [fault] if fault.repair == Repair::CopyOnWrite);
    let moved = *frames.entry(name).or_insert(pfn) != pfn;
    (moved || (copied && !crosses && before == Some(pfn))).then_some(What::Frame)
}
