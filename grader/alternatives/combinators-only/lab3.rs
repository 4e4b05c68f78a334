// Lab 3. `filter` for every condition, `and_then` for every look-up: what comes out at
// the end is the answer. The gap is a range that must not contain the page.

use vmsim::prelude::*;

pub fn grow_stack(mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
    let page = addr.page();
    let gap = |below: &Vma| below.end.0..below.end.0 + GUARD_GAP_PAGES;
    let accessible = |vma: &&Vma| vma.growth == Growth::Fixed && !vma.prot.is_none();
    let in_a_gap = mm
        .vmas()
        .below(page)
        .filter(accessible)
        .is_some_and(|below| gap(below).contains(&page.0));
    mm.vmas()
        .at_or_above(page)
        .filter(|vma| vma.growth == Growth::Down)
        .filter(|vma| (vma.end.0 - page.0) <= mm.stack_limit() / PAGE_SIZE)
        .map(|_| page)
        .filter(|page| page.0 >= MMAP_MIN_ADDR.0 / PAGE_SIZE)
        .filter(|_| !in_a_gap)
}

pub fn deliver(mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
    Some(signal.code)
        .filter(|_| mode == Mode::User)
        .map(|code| match code {
            SignalCode::Adrerr => mm.on_bus(),
            _ => mm.on_segv(),
        })
        .map_or(Delivery::ReturnEfault, |action| match action {
            SigAction::Handler => Delivery::RunHandler,
            SigAction::Default => Delivery::Terminate,
        })
}
