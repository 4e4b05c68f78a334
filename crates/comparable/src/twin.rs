//! The native twin of a trace: the same events on a machine that a real kernel can
//! be.
//!
//! A real kernel has memory to spare, runs the trace on one CPU, and knows two
//! windows of fault-around. Where a trace asks for another machine, its twin has
//! the next best one, and says in which switch it differs.

use std::fmt;

use vmsim::addr::{CpuId, PAGE_SIZE};
use vmsim::event::{Config, Op};
use vmtrace::Line;
use vmtrace::limits::PAGES_MAX;

use crate::computer::{Computer, Swap};

/// Frames of most twins: 256 MiB, so that nothing is ever evicted.
const FRAMES: u32 = 65_536;

/// Slots of a twin that has swap.
const SLOTS: u32 = 65_536;

/// Frames, or slots, of a machine that is meant to run out of them.
const FEW: u32 = 4096;

/// Pages that Linux maps around a fault (`fault_around_bytes`, 64 KiB).
const FAULT_AROUND: u16 = 16;

/// A trace as a real kernel can run it.
#[derive(Clone, Debug)]
pub struct Twin {
    /// The machine.
    pub config: Config,
    /// What becomes of a page that is paged out.
    pub swap: Swap,
    /// The events and where they stand in their trace. Every write says its value.
    pub lines: Vec<Line>,
    /// Where it differs from the trace.
    pub switches: Vec<Switch>,
}

/// Something of a trace's machine that no real kernel can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Switch {
    /// `cpus=`: all events run on one CPU.
    OneCpu,
    /// `fault-around=`: one of the two windows that there are.
    FaultAround(u16),
    /// `readahead=`: none.
    NoReadahead,
    /// `frames=` and `swap=`: enough of both.
    MemoryToSpare,
}

impl Twin {
    /// The twin of a trace on this computer.
    pub fn new(config: &Config, lines: Vec<Line>, computer: &Computer) -> Self {
        let slots = match computer.swap {
            Swap::Exact | Swap::Twice => SLOTS,
            Swap::Cached | Swap::None => 0,
        };
        let fault_around = match config.fault_around {
            1 => 1,
            _ if !computer.fault_around => 1,
            _ => FAULT_AROUND,
        };
        Self {
            swap: computer.swap,
            ..Self::with(config, lines, slots, fault_around)
        }
    }

    /// The twin of a trace on a computer with swap.
    pub fn with_swap(config: &Config, lines: Vec<Line>) -> Self {
        Self::with(config, lines, SLOTS, config.fault_around)
    }

    fn with(config: &Config, lines: Vec<Line>, swap: u32, fault_around: u16) -> Self {
        let twin = Config {
            cpus: 1,
            readahead: 0,
            frames: frames(&lines),
            fault_around,
            swap,
            ..*config
        };
        let differs = [
            (config.cpus != 1, Switch::OneCpu),
            (
                config.fault_around != fault_around,
                Switch::FaultAround(fault_around),
            ),
            (config.readahead != 0, Switch::NoReadahead),
            (
                config.frames < FEW || config.swap < FEW,
                Switch::MemoryToSpare,
            ),
        ];
        let lines = (0..).zip(lines).map(|(number, line)| settle(number, line));
        Self {
            config: twin,
            swap: Swap::Exact,
            lines: lines.collect(),
            switches: differs.into_iter().filter(|d| d.0).map(|d| d.1).collect(),
        }
    }
}

/// Frames that are enough for all that a trace can touch, as far as a machine has them.
fn frames(lines: &[Line]) -> u32 {
    let mut pages = 0_u64;
    let mut processes = 1;
    for line in lines {
        match line.event.op {
            Op::Mmap { len, .. } | Op::File { size: len, .. } => {
                pages = pages.saturating_add(len / PAGE_SIZE + 1)
            }
            Op::Fork { .. } => processes += 1,
            _ => {}
        }
    }
    let all = pages
        .saturating_mul(processes)
        .try_into()
        .unwrap_or(u32::MAX);
    all.clamp(FRAMES, PAGES_MAX)
}

/// Writes out what the machine would make of the event's number, so that an event
/// means the same when others are taken away.
fn settle(number: u64, mut line: Line) -> Line {
    line.event.cpu = CpuId(0);
    if let Op::Write { value, .. } | Op::CopyOut { value, .. } = &mut line.event.op {
        value.get_or_insert(number % 255 + 1);
    }
    line
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Switch::OneCpu => "on one CPU",
            Switch::FaultAround(window) => return write!(f, "with fault-around={window}"),
            Switch::NoReadahead => "without read-ahead",
            Switch::MemoryToSpare => "with memory to spare",
        })
    }
}
