// Ben K., lab 1. Week 1, rest comes later!!

use vmsim::prelude::*;

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    let addr = fault.addr;
    let writing = fault.access == Access::Write;

    // question 1: VMA?
    let vma;
    match mm.vma(addr) {
        Some(found) => vma = found,
        None => return Err(Signal::maperr(addr)),
    }

    // question 2: allowed?
    let forbidden;
    if writing {
        forbidden = !vma.prot.write();
    } else {
        // x86 has no "may read" bit, so only PROT_NONE or a present entry says no
        forbidden = vma.prot.is_none() || fault.code.present;
    }
    if forbidden {
        return Err(Signal::accerr(addr));
    }

    // question 3: where is the page?
    let kind = match mm.entry(fault.page.vpn) {
        Entry::None => {
            let object = vma.object_page(fault.page.vpn);
            if object.is_none() {
                if writing { FaultKind::DemandZero } else { FaultKind::ZeroPage }
            } else {
                let page = object.unwrap();
                match mm.residence(page) {
                    Residence::Cached(pfn) if writing && vma.is_private() => FaultKind::CopyOnWrite(pfn),
                    Residence::Cached(pfn) => FaultKind::MapResident(pfn),
                    Residence::OnDisk => FaultKind::FileRead(page),
                    Residence::Swapped(slot) => FaultKind::SwapIn(slot),
                    Residence::Missing => FaultKind::NewShared(page),
                    Residence::PastEnd => return Err(Signal::adrerr(addr)),
                }
            }
        }
        Entry::Zero => FaultKind::DemandZero,
        Entry::Anon { writable, pfn } => {
            if writable {
                FaultKind::Spurious
            } else {
                // alone or not? (the swap cache counts as somebody)
                let frame = mm.frame(pfn);
                let alone = match frame.usage {
                    Usage::Anon { exclusive: true, .. } => true,
                    Usage::Anon { swap_cache: None, .. } => frame.mappings == 1,
                    _ => false,
                };
                if alone { FaultKind::Reuse(pfn) } else { FaultKind::CopyOnWrite(pfn) }
            }
        }
        Entry::Object { writable: true, .. } => FaultKind::Spurious,
        Entry::Object { pfn, .. } => {
            if vma.is_private() { FaultKind::CopyOnWrite(pfn) } else { FaultKind::WriteNotify(pfn) }
        }
        Entry::Swapped(slot) => match mm.swap_cached(slot) {
            Some(pfn) => {
                let alone = mm.slot_users(slot) == 1 && mm.frame(pfn).mappings == 0;
                if writing && !alone { FaultKind::CopyOnWrite(pfn) } else { FaultKind::SwapCached(slot, pfn) }
            }
            None => FaultKind::SwapIn(slot),
        },
    };
    Ok(kind)
}
