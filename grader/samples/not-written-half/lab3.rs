// Elif, lab 3 (started)
use vmsim::prelude::*;

pub fn grow_stack(mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
    let stack = mm.vmas().at_or_above(addr.page());
    let is_stack = stack.is_some_and(|vma| vma.growth == Growth::Down);
    let pages = stack.map_or(0, |vma| vma.end.0 - addr.page().0);
    let small_enough = pages * PAGE_SIZE <= mm.stack_limit();
    let _ = (is_stack, small_enough);
    todo!("guard gap??")
}

pub fn deliver(mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
    let _ = (mm, mode, signal);
    todo!("lab 3: run a handler, terminate, or return an error?")
}
