//! Lab 3, protect: what the kernel refuses, and how the program hears of it.
//!
//! A page fault is an exception: the CPU raises it. A signal is a message from the
//! kernel: it sends one when it finds no repair. You decide about the last repair
//! that may help, the growth of a stack, and about the message.

use vmsim::prelude::*;

/// Decides whether a stack grows down to `addr`, which no VMA covers, and returns
/// its new first page.
///
/// The next VMA above must be a stack ([`Growth::Down`]). It may grow to any size
/// up to [`Mm::stack_limit`], which is in bytes, and in one step over any number of
/// pages, but not below [`MMAP_MIN_ADDR`]. Below it a gap of [`GUARD_GAP_PAGES`]
/// must stay free, unless what lies there is a stack itself or may not be accessed
/// anyway.
pub fn grow_stack(mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
    let _ = (mm, addr);
    todo!("lab 3: may the stack grow down to this address?")
}

/// Decides what becomes of a process whose access cannot be repaired.
///
/// If the access was the kernel's own, in a system call, the program is told by
/// the call's result. Otherwise by a signal: its handler runs if it has one for
/// that signal ([`Mm::on_segv`], [`Mm::on_bus`]), and else it is terminated.
pub fn deliver(mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
    let _ = (mm, mode, signal);
    todo!("lab 3: run a handler, terminate, or return an error?")
}
