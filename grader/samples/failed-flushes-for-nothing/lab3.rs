// Lab 3 - Ada

use vmsim::prelude::*;

const GAP: u64 = 256; // pages, same as Linux

pub fn grow_stack(mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
    let wanted = addr.page();

    let stack = mm.vmas().at_or_above(wanted)?;
    if stack.growth != Growth::Down {
        return None;
    }
    if wanted < MMAP_MIN_ADDR.page() {
        return None; // else a null pointer would work some day
    }
    if (stack.end.0 - wanted.0) * PAGE_SIZE > mm.stack_limit() {
        return None;
    }

    let Some(below) = mm.vmas().below(wanted) else {
        return Some(wanted);
    };
    if below.growth == Growth::Down || below.prot.is_none() {
        return Some(wanted); // needs no gap
    }
    if wanted.0 - below.end.0 < GAP {
        return None;
    }
    Some(wanted)
}

pub fn deliver(mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
    // system calls return an error, they don't get signals
    if mode == Mode::Kernel {
        return Delivery::ReturnEfault;
    }
    let action = if signal.code == SignalCode::Adrerr {
        mm.on_bus()
    } else {
        mm.on_segv()
    };
    if action == SigAction::Handler {
        return Delivery::RunHandler;
    }
    Delivery::Terminate
}
