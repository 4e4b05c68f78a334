//! lab 3 / Noor
//!
//! A bad access is a bad access, so I look at the segv handler only.

use vmsim::prelude::*;

/// Everything that speaks against growing, in one place.
fn must_not_grow(mm: &Mm<'_>, page: Vpn, stack: &Vma) -> bool {
    let bytes = (stack.end.0 - page.0) * PAGE_SIZE;
    let neighbour = mm.vmas().below(page);
    let crowded = match neighbour {
        None => false,
        Some(vma) if vma.growth == Growth::Down => false,
        Some(vma) if vma.prot.is_none() => false,
        Some(vma) => page.0 - vma.end.0 < GUARD_GAP_PAGES,
    };
    bytes > mm.stack_limit() || crowded || page < MMAP_MIN_ADDR.page()
}

pub fn grow_stack(mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
    let page = addr.page();
    match mm.vmas().at_or_above(page) {
        Some(vma) if vma.growth == Growth::Down && !must_not_grow(mm, page, vma) => Some(page),
        _ => None,
    }
}

pub fn deliver(mm: &Mm<'_>, mode: Mode, _signal: Signal) -> Delivery {
    match (mode, mm.on_segv()) {
        (Mode::Kernel, _) => Delivery::ReturnEfault,
        (Mode::User, SigAction::Handler) => Delivery::RunHandler,
        (Mode::User, SigAction::Default) => Delivery::Terminate,
    }
}
