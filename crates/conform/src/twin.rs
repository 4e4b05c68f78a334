//! The native twin of a trace: the same events on a machine that a real kernel can
//! be.
//!
//! A real kernel has memory to spare, runs the trace on one CPU, and knows two
//! windows of fault-around. Where a trace asks for another machine, its twin has
//! the next best one, and says in which switch it differs.

use std::fmt;

use vmsim::addr::CpuId;
use vmsim::event::{Config, Op};
use vmtrace::Line;

/// Frames of every twin: 256 MiB, so that nothing is ever evicted.
const FRAMES: u32 = 65_536;

/// Slots of a twin that has swap.
const SLOTS: u32 = 65_536;

/// Pages that Linux maps around a fault (`fault_around_bytes`, 64 KiB).
const FAULT_AROUND: u16 = 16;

/// Whether the real kernel has a swap device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swap {
    /// Pages can be swapped out, and come back with a major fault.
    Available,
    /// There is none.
    None,
}

/// A trace as a real kernel can run it.
#[derive(Clone, Debug)]
pub struct Twin {
    /// The machine.
    pub config: Config,
    /// The events and where they stand in their trace. Every write says its value.
    pub lines: Vec<Line>,
    /// Where it differs from the trace.
    pub switches: Vec<Switch>,
}

/// Something of a trace's machine that no real kernel can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// `cpus=`: all events run on one CPU.
    OneCpu,
    /// `fault-around=`: as Linux has it.
    FaultAround,
    /// `readahead=`: none.
    NoReadahead,
    /// `frames=` and `swap=`: enough of both.
    MemoryToSpare,
}

impl Twin {
    /// The twin of a trace.
    pub fn new(config: &Config, lines: Vec<Line>, swap: Swap) -> Self {
        let spare = Config {
            cpus: 1,
            fault_around: match config.fault_around {
                1 => 1,
                _ => FAULT_AROUND,
            },
            readahead: 0,
            frames: FRAMES,
            swap: match swap {
                Swap::Available => SLOTS,
                Swap::None => 0,
            },
            ..*config
        };
        let differs = [
            (config.cpus != 1, Switch::OneCpu),
            (config.fault_around != spare.fault_around, Switch::FaultAround),
            (config.readahead != 0, Switch::NoReadahead),
            (config.frames < 4096 || config.swap < 4096, Switch::MemoryToSpare),
        ];
        let lines = (0..).zip(lines).map(|(number, line)| settle(number, line));
        Self {
            config: spare,
            lines: lines.collect(),
            switches: differs.into_iter().filter(|d| d.0).map(|d| d.1).collect(),
        }
    }
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
            Switch::FaultAround => "with fault-around=16",
            Switch::NoReadahead => "without read-ahead",
            Switch::MemoryToSpare => "with memory to spare",
        })
    }
}
