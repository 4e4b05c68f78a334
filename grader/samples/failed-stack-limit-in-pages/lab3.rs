// Lab 3, Jonas
use vmsim::prelude::*;

pub fn grow_stack(mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
    let page = addr.page();
    let above = mm.vmas().at_or_above(page)?;
    if above.growth != Growth::Down || page < MMAP_MIN_ADDR.page() {
        return None;
    }
    // the whole stack, not only the new part
    let size = above.end.0 - page.0;
    if size > mm.stack_limit() {
        return None;
    }
    if let Some(below) = mm.vmas().below(page) {
        let needs_gap = below.growth != Growth::Down && !below.prot.is_none();
        if needs_gap && page.0 < below.end.0 + GUARD_GAP_PAGES {
            return None;
        }
    }
    Some(page)
}

pub fn deliver(mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
    if mode == Mode::Kernel {
        return Delivery::ReturnEfault;
    }
    let action = match signal.code {
        SignalCode::Adrerr => mm.on_bus(),
        _ => mm.on_segv(),
    };
    match action {
        SigAction::Handler => Delivery::RunHandler,
        SigAction::Default => Delivery::Terminate,
    }
}
