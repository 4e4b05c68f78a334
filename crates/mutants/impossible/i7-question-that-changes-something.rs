use vmsim::prelude::*;

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    let _ = fault;
    let _zero = mm.kernel.zero_page(); // wrong
    Ok(FaultKind::ZeroPage)
}
