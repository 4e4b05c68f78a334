use vmsim::prelude::*;

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    match mm.entry(fault.page.vpn) { // wrong
    // right: match mm.entry(fault.page.vpn) {
        Entry::None => Ok(FaultKind::ZeroPage),
        Entry::Zero => Ok(FaultKind::DemandZero),
        Entry::Anon { pfn, .. } => Ok(FaultKind::CopyOnWrite(pfn)),
        Entry::Object { pfn, .. } => Ok(FaultKind::WriteNotify(pfn)),
        // right: Entry::Swapped(slot) => Ok(FaultKind::SwapIn(slot)),
    }
}
