// Lab 3. The questions about a stack are asked one by one, each in a function of its
// own, and the first "no" ends it. The gap is asked before the size.

use vmsim::prelude::*;

pub fn grow_stack(mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
    let page = addr.page();
    let above = mm.vmas().at_or_above(page)?;
    if above.growth != Growth::Down {
        return None;
    }
    if page.start() < MMAP_MIN_ADDR {
        return None;
    }
    if is_too_close(mm, page) {
        return None;
    }
    if bytes_between(page, above.end) > mm.stack_limit() {
        return None;
    }
    Some(page)
}

fn bytes_between(from: Vpn, to: Vpn) -> u64 {
    to.start().0 - from.start().0
}

fn is_too_close(mm: &Mm<'_>, page: Vpn) -> bool {
    let Some(below) = mm.vmas().below(page) else {
        return false;
    };
    if below.growth == Growth::Down {
        return false;
    }
    if below.prot.is_none() {
        return false;
    }
    page.0 < below.end.0 + GUARD_GAP_PAGES
}

pub fn deliver(mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
    if mode == Mode::Kernel {
        return Delivery::ReturnEfault;
    }
    if has_handler(mm, signal) {
        return Delivery::RunHandler;
    }
    Delivery::Terminate
}

fn has_handler(mm: &Mm<'_>, signal: Signal) -> bool {
    if signal.name() == "SIGBUS" {
        return mm.on_bus() == SigAction::Handler;
    }
    mm.on_segv() == SigAction::Handler
}
