use vmsim::prelude::*;

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    let first_page = fault.addr == fault.buffer; // wrong
    // right: let first_page = true;
    match mm.vma(fault.addr) {
        None if fault.mode == Mode::User || first_page => Err(Signal::maperr(fault.addr)),
        _ => Ok(FaultKind::DemandZero),
    }
}
