//! One station on an event's way from the log to the sink.

use std::io;

use vmsim::addr::{CpuId, VirtAddr};
use vmsim::event::{Event, Op};

/// Takes events as the translation makes them, and may pass them on.
pub(crate) trait Stage {
    /// Takes the next event.
    fn event(&mut self, event: &Event) -> io::Result<()>;

    /// Takes a remark.
    fn comment(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }

    /// Learns where the heap begins, before the first `brk` event.
    fn heap(&mut self, _start: VirtAddr) {}

    /// Whether further events would be thrown away.
    fn is_full(&self) -> bool {
        false
    }

    /// Takes something that happens on CPU 0: valgrind runs one thread at a time.
    fn op(&mut self, op: Op) -> io::Result<()> {
        self.event(&Event { cpu: CpuId(0), op })
    }
}

/// Whether the event is an access of the program itself, not a system call.
pub(crate) fn is_access(op: &Op) -> bool {
    matches!(op, Op::Read { .. } | Op::Write { .. } | Op::Exec { .. })
}
