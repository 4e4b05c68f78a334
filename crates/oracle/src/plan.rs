//! What must be known of a trace before it begins.

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
    /// Addresses that it uses: the oracle keeps away from them.
    pub used: Vec<VirtAddr>,
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
            used: vec![config.heap],
        };
        for event in events {
            plan.files += usize::from(matches!(event.op, Op::File { .. }));
            plan.moves_heap |= matches!(event.op, Op::Brk { .. });
            plan.used.extend(event.op.addr());
        }
        plan
    }
}
