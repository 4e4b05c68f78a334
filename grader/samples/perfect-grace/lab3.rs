//! Grace, lab 3.

use vmsim::prelude::*;

const GUARD: u64 = 256;

pub fn grow_stack(mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
    let page = addr.page();
    mm.vmas()
        .iter()
        .find(|vma| vma.start > page) // they are sorted, so this is the next one above
        .filter(|vma| vma.growth == Growth::Down)
        .filter(|_| page >= MMAP_MIN_ADDR.page())
        .filter(|vma| (vma.end.0 - page.0) * PAGE_SIZE <= mm.stack_limit())
        .filter(|_| gap_is_free(mm, page))
        .map(|_| page)
}

fn gap_is_free(mm: &Mm<'_>, page: Vpn) -> bool {
    mm.vmas()
        .iter()
        .filter(|vma| vma.end <= page)
        .last()
        .is_none_or(|below| match (below.growth, below.prot.is_none()) {
            (Growth::Down, _) | (_, true) => true,
            _ => page.0 >= below.end.0 + GUARD,
        })
}

pub fn deliver(mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
    match (mode, signal.code) {
        (Mode::Kernel, _) => Delivery::ReturnEfault,
        (Mode::User, SignalCode::Adrerr) => run_or_die(mm.on_bus()),
        (Mode::User, _) => run_or_die(mm.on_segv()),
    }
}

fn run_or_die(action: SigAction) -> Delivery {
    match action {
        SigAction::Handler => Delivery::RunHandler,
        SigAction::Default => Delivery::Terminate,
    }
}
