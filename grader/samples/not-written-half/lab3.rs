// Elif, lab 3 (started)
use vmsim::prelude::*;

pub fn grow_stack(mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
    let stack = mm.vmas().at_or_above(addr.page())?;
    let pages = stack.end.0 - addr.page().0;
    // TODO guard gap??
    if stack.growth == Growth::Down && pages * PAGE_SIZE <= mm.stack_limit() {
        Some(addr.page())
    } else {
        None
    }
}

pub fn deliver(mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
    let _ = (mm, mode, signal);
    todo!("lab 3: run a handler, terminate, or return an error?")
}
