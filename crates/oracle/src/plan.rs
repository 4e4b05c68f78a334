//! What must be known of a trace before it begins.

use std::ops::Range;

use vmsim::addr::VirtAddr;
use vmsim::event::{Config, Event, Op};

/// What a trace will need of a native machine.
///
/// Of the configuration only `heap`, `stack_limit` and `fault_around` matter; the
/// rest is as this computer has it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Files that it makes.
    pub files: usize,
    /// Where its heap starts, and whether it moves the end.
    pub heap: VirtAddr,
    /// Whether it has a `brk`.
    pub moves_heap: bool,
    /// How far its stacks grow, in bytes.
    pub stack_limit: u64,
    /// Pages that a read fault maps: 1, or as many as Linux does.
    pub fault_around: u16,
    /// How pages are paged out.
    pub page_out: PageOut,
    /// Where it has something to do: the oracle keeps away from there.
    pub used: Vec<Range<u64>>,
}

/// What `pageout` has to do so that a page really goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageOut {
    /// One call: the device is written at once (zram), or there is none.
    Once,
    /// The device is written later, and until then the page lingers in the swap cache.
    /// Read back once it is written, it is clean and keeps its slot; paged out again,
    /// it is dropped at once.
    Twice,
}

impl Plan {
    /// Looks through a trace.
    pub fn of<'a>(config: &Config, events: impl Iterator<Item = &'a Event>) -> Self {
        let mut plan = Self {
            files: 0,
            heap: config.heap,
            moves_heap: false,
            stack_limit: config.stack_limit,
            fault_around: config.fault_around,
            page_out: PageOut::Once,
            used: std::iter::once(config.heap.0..config.heap.0).collect(),
        };
        for event in events {
            plan.files += usize::from(matches!(event.op, Op::File { .. }));
            plan.moves_heap |= matches!(event.op, Op::Brk { .. });
            plan.used.extend(range(&event.op));
        }
        plan
    }
}

/// The addresses that an event is about.
fn range(op: &Op) -> Option<Range<u64>> {
    let start = op.addr()?.0;
    let len = match *op {
        Op::Mmap { len, .. }
        | Op::Munmap { len, .. }
        | Op::Mprotect { len, .. }
        | Op::Madvise { len, .. }
        | Op::Msync { len, .. } => len,
        _ => 0,
    };
    // A range that wraps around is refused, whatever it would cover.
    Some(start..start.checked_add(len).unwrap_or(start))
}
