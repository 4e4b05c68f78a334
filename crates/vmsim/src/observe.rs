//! Observations: what each event of a trace led to, as the log tells it.

use std::fmt::{self, Write};

use crate::access::Reached;
use crate::addr::{CpuId, Pid, VirtAddr};
use crate::cost::Cost;
use crate::fault::{Delivery, FaultClass, Signal};
use crate::syscalls::Errno;

/// What came of an event, without how the machine looks afterwards.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The faults that were repaired, in order.
    pub faults: Vec<FaultClass>,
    /// How it ended.
    pub end: End,
    /// Where the bytes are that were read.
    pub(crate) read: Option<Reached>,
}

/// What one event led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// Number of the event in its trace, from 0.
    pub event: u64,
    /// The process, for events of one.
    pub pid: Option<Pid>,
    /// The CPU.
    pub cpu: CpuId,
    /// The address, for events that have one.
    pub addr: Option<VirtAddr>,
    /// Whether the event is a read, write or instruction fetch, by the program or
    /// by a system call for it.
    pub is_access: bool,
    /// The faults that were repaired, in order.
    pub faults: Vec<FaultClass>,
    /// How it ended.
    pub end: End,
    /// The value that was read.
    pub value: Option<u64>,
    /// The page of an access, afterwards.
    pub page: Option<PageState>,
    /// Frames in use afterwards.
    pub frames_used: u32,
    /// Swap slots in use afterwards.
    pub slots_used: u32,
    /// What the audit found wrong.
    pub violations: Vec<Violation>,
    /// What the event cost.
    pub cost: Cost,
}

/// How an event ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// As it was meant to.
    Done,
    /// With a signal, or with `EFAULT` in its place.
    Signalled(Signal, Delivery),
    /// With an error of the system call.
    Failed(Errno),
    /// The process was killed for lack of memory.
    OutOfMemory,
    /// The handlers repaired the same access again and again, in vain.
    Livelock,
}

/// A page as its page-table entry and its frame show it, without any number that
/// depends on the order of allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageState {
    /// The frame, by the order in which frames appear in the log.
    pub frame: FrameName,
    /// W.
    pub writable: bool,
    /// The complement of NX.
    pub executable: bool,
    /// D.
    pub dirty: bool,
    /// How many page-table entries map the frame.
    pub mappings: usize,
}

/// The name of a frame in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameName {
    /// Not in memory: nothing is mapped.
    None,
    /// In a swap slot.
    Swapped,
    /// The shared zero page.
    Zero,
    /// The n-th frame of the log.
    Numbered(u32),
}

/// An invariant that does not hold any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which group of invariants.
    pub kind: ViolationKind,
    /// What is wrong, in words.
    pub what: String,
    /// The line of the handler that is to blame, where that is known.
    pub location: Option<&'static std::panic::Location<'static>>,
}

/// The groups of invariants that the audit checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ViolationKind {
    /// References, owners, rights, the zero page, swap counts.
    Invariant,
    /// A TLB remembers what the page table does not say any more.
    StaleTlb,
}

impl Default for Outcome {
    fn default() -> Self {
        Self {
            faults: Vec::new(),
            end: End::Done,
            read: None,
        }
    }
}

impl Observation {
    /// The class of an access as the log prints it: its faults and its end, joined
    /// by ` then `, or `hit`.
    pub fn class(&self) -> String {
        let mut class = String::new();
        let written = self.write_class(&mut class);
        written.expect("a string takes everything");
        class
    }

    /// Writes the [`class`](Observation::class) behind what `out` has already.
    ///
    /// # Errors
    ///
    /// None: a string takes everything.
    pub fn write_class(&self, out: &mut String) -> fmt::Result {
        let start = out.len();
        self.write_repairs(out)?;
        let then = if out.len() > start { " then " } else { "" };
        match self.end {
            End::Signalled(signal, _) => write!(out, "{then}{}", signal.code),
            End::OutOfMemory => write!(out, "{then}oom"),
            End::Livelock => write!(out, "{then}livelock"),
            End::Failed(errno) if !self.is_access => write!(out, "{then}{errno}"),
            End::Failed(_) | End::Done if !then.is_empty() => Ok(()),
            End::Failed(_) => out.write_str("no process"),
            End::Done if self.is_access => out.write_str("hit"),
            End::Done => Ok(()),
        }
    }

    /// Writes the faults that were repaired, joined by ` then `; more than two equal ones in
    /// a row, as when a range is populated, as one with a count.
    ///
    /// # Errors
    ///
    /// None: a string takes everything.
    pub fn write_repairs(&self, out: &mut String) -> fmt::Result {
        let mut then = "";
        for run in self.faults.chunk_by(|a, b| a == b) {
            let fault = run[0];
            match run.len() {
                1 => write!(out, "{then}{fault}"),
                2 => write!(out, "{then}{fault} then {fault}"),
                many => write!(out, "{then}{fault} x{many}"),
            }?;
            then = " then ";
        }
        Ok(())
    }

    /// Whether the process got to go on.
    pub fn survived(&self) -> bool {
        !matches!(
            self.end,
            End::OutOfMemory | End::Signalled(_, Delivery::Terminate)
        )
    }
}

impl fmt::Display for FrameName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FrameName::None => f.write_str("-"),
            FrameName::Swapped => f.write_str("swap"),
            FrameName::Zero => f.write_str("zero"),
            FrameName::Numbered(n) => write!(f, "f{n}"),
        }
    }
}

impl fmt::Display for ViolationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ViolationKind::Invariant => "invariant",
            ViolationKind::StaleTlb => "stale TLB",
        })
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.what)?;
        match self.location {
            Some(line) => write!(f, " at {}:{}", line.file(), line.line()),
            None => Ok(()),
        }
    }
}
