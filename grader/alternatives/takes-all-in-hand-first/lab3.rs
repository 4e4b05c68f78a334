// Lab 3. The neighbours are found first, both of them, and then judged. All arithmetic is
// in bytes and addresses instead of page numbers.

use vmsim::prelude::*;

pub fn grow_stack(mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
    let new_start = addr.page().start();
    let (mut below, mut above) = (None, None);
    for vma in mm.vmas().iter() {
        if vma.end.start() <= new_start {
            below = Some(vma);
        } else if above.is_none() {
            above = Some(vma);
        }
    }
    let stack = above?;
    let gap_ends = match below {
        Some(vma) if vma.growth == Growth::Fixed && !vma.prot.is_none() => {
            vma.end.start().0 + GUARD_GAP_PAGES * PAGE_SIZE
        }
        _ => 0,
    };
    let may_grow = stack.growth == Growth::Down
        && new_start.0 >= gap_ends
        && new_start >= MMAP_MIN_ADDR
        && stack.end.start().0 - new_start.0 <= mm.stack_limit();
    may_grow.then(|| addr.page())
}

pub fn deliver(mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
    let action = match signal.name() {
        "SIGBUS" => mm.on_bus(),
        _ => mm.on_segv(),
    };
    match action {
        _ if mode == Mode::Kernel => Delivery::ReturnEfault,
        SigAction::Handler => Delivery::RunHandler,
        SigAction::Default => Delivery::Terminate,
    }
}
