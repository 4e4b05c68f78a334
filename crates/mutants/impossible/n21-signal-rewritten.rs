use vmsim::prelude::*;

pub fn deliver(mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
    let _ = (mm, mode);
    match signal.code {
        SignalCode::Kernel => Signal::maperr(VirtAddr(1 << 63)), // wrong
        // right: SignalCode::Kernel => Delivery::Terminate,
        _ => Delivery::Terminate,
    }
}
