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
    // FAULTLINE-BEGIN grow_stack
    let start = addr.page();
    let stack = mm.vmas().at_or_above(start)?;
    if stack.growth != Growth::Down || start < MMAP_MIN_ADDR.page() {
        return None;
    }
    let size = (stack.end.0 - start.0) * PAGE_SIZE;
    let too_close = mm.vmas().below(start).is_some_and(|below| {
        below.growth != Growth::Down
            && !below.prot.is_none()
            && start.0 - below.end.0 < GUARD_GAP_PAGES
    });
    (size <= mm.stack_limit() && !too_close).then_some(start)
    // FAULTLINE-HANDOUT
    // let _ = (mm, addr);
    // todo!("lab 3: may the stack grow down to this address?")
    // FAULTLINE-END grow_stack
}

/// Decides what becomes of a process whose access cannot be repaired.
///
/// If the access was the kernel's own, in a system call, the program is told by
/// the call's result. Otherwise by a signal: its handler runs if it has one for
/// that signal ([`Mm::on_segv`], [`Mm::on_bus`]), and else it is terminated.
pub fn deliver(mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
    // FAULTLINE-BEGIN deliver
    let action = match signal.code {
        SignalCode::Adrerr => mm.on_bus(),
        SignalCode::Maperr | SignalCode::Accerr | SignalCode::Kernel => mm.on_segv(),
    };
    match (mode, action) {
        (Mode::Kernel, _) => Delivery::ReturnEfault,
        (Mode::User, SigAction::Handler) => Delivery::RunHandler,
        (Mode::User, SigAction::Default) => Delivery::Terminate,
    }
    // FAULTLINE-HANDOUT
    // let _ = (mm, mode, signal);
    // todo!("lab 3: run a handler, terminate, or return an error?")
    // FAULTLINE-END deliver
}
