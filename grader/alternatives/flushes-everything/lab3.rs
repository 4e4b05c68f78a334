// Lab 3. Both decisions are one expression: all conditions of a stack joined by `&&`,
// and one table of who hears of a bad access.

use vmsim::prelude::*;

pub fn grow_stack(mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
    let vpn = addr.page();
    let next = mm.vmas().at_or_above(vpn)?;
    let previous = mm.vmas().below(vpn);

    let is_stack = next.growth == Growth::Down;
    let allowed_so_low = vpn >= MMAP_MIN_ADDR.page();
    let small_enough = (next.end.0 - vpn.0) * PAGE_SIZE <= mm.stack_limit();
    let far_enough = match previous {
        None => true,
        Some(vma) if vma.growth == Growth::Down || vma.prot.is_none() => true,
        Some(vma) => vpn.0 - vma.end.0 >= GUARD_GAP_PAGES,
    };

    if is_stack && allowed_so_low && small_enough && far_enough {
        Some(vpn)
    } else {
        None
    }
}

pub fn deliver(mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
    match (mode, signal.code, mm.on_segv(), mm.on_bus()) {
        (Mode::Kernel, _, _, _) => Delivery::ReturnEfault,
        (Mode::User, SignalCode::Adrerr, _, SigAction::Handler) => Delivery::RunHandler,
        (Mode::User, SignalCode::Adrerr, _, SigAction::Default) => Delivery::Terminate,
        (Mode::User, _, SigAction::Handler, _) => Delivery::RunHandler,
        (Mode::User, _, SigAction::Default, _) => Delivery::Terminate,
    }
}
