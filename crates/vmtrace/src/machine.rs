//! The keys of the `machine` line.
//!
//! What a key is called, where its value lives and which values it takes stands
//! here once, for the text, for the binary form and for both of their writers.

use std::ops::RangeInclusive;

use vmsim::addr::{PAGE_SIZE, TASK_SIZE, VirtAddr};
use vmsim::event::Config;

use crate::limits::{CPUS_MAX, PAGES_MAX, WINDOW_MAX};

/// One number of a [`Config`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// `frames=64`
    Frames,
    /// `swap=64`
    Swap,
    /// `cpus=1`
    Cpus,
    /// `seed=7`
    Seed,
    /// `fault-around=16`
    FaultAround,
    /// `readahead=0`
    Readahead,
    /// `heap=0x4000000`
    Heap,
    /// `stack-limit=8M`
    StackLimit,
}

/// How the value of a [`Key`] is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// A decimal number.
    Count,
    /// Bytes, with or without a suffix.
    Size,
    /// A hex number with `0x`.
    Address,
}

/// All keys with their words, in the order in which they are written.
pub const KEYS: [(&str, Key); 8] = [
    ("frames", Key::Frames),
    ("swap", Key::Swap),
    ("cpus", Key::Cpus),
    ("seed", Key::Seed),
    ("fault-around", Key::FaultAround),
    ("readahead", Key::Readahead),
    ("heap", Key::Heap),
    ("stack-limit", Key::StackLimit),
];

impl Key {
    /// How its value is written.
    pub const fn notation(self) -> Notation {
        match self {
            Key::Heap => Notation::Address,
            Key::StackLimit => Notation::Size,
            _ => Notation::Count,
        }
    }

    /// The smallest and the largest value that it takes.
    pub const fn range(self) -> RangeInclusive<u64> {
        match self {
            Key::Frames => 1..=PAGES_MAX as u64,
            Key::Swap => 0..=PAGES_MAX as u64,
            Key::Cpus => 1..=CPUS_MAX as u64,
            Key::FaultAround => 1..=WINDOW_MAX as u64,
            Key::Readahead => 0..=WINDOW_MAX as u64,
            Key::Heap => PAGE_SIZE..=TASK_SIZE - PAGE_SIZE,
            Key::Seed | Key::StackLimit => 0..=u64::MAX,
        }
    }

    /// What its value must be a multiple of: the heap starts with a page.
    pub const fn unit(self) -> u64 {
        match self {
            Key::Heap => PAGE_SIZE,
            _ => 1,
        }
    }

    /// Whether it takes this value.
    pub fn allows(self, value: u64) -> bool {
        self.range().contains(&value) && value.is_multiple_of(self.unit())
    }

    /// Its value.
    pub const fn get(self, config: &Config) -> u64 {
        match self {
            Key::Frames => config.frames as u64,
            Key::Swap => config.swap as u64,
            Key::Cpus => config.cpus as u64,
            Key::Seed => config.seed,
            Key::FaultAround => config.fault_around as u64,
            Key::Readahead => config.readahead as u64,
            Key::Heap => config.heap.0,
            Key::StackLimit => config.stack_limit,
        }
    }

    /// Gives it a value, which must be one that it takes.
    pub(crate) fn put(self, config: &mut Config, value: u64) {
        // The ranges above fit the fields, so that no cast loses anything.
        debug_assert!(self.allows(value), "{self:?} cannot be {value}");
        match self {
            Key::Frames => config.frames = value as u32,
            Key::Swap => config.swap = value as u32,
            Key::Cpus => config.cpus = value as u8,
            Key::Seed => config.seed = value,
            Key::FaultAround => config.fault_around = value as u16,
            Key::Readahead => config.readahead = value as u16,
            Key::Heap => config.heap = VirtAddr(value),
            Key::StackLimit => config.stack_limit = value,
        }
    }
}
