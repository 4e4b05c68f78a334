use vmsim::prelude::*;

// Lab 1 (Emil). SIGSEGV is SIGSEGV, the program dies either way...
pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    let segfault = Signal::maperr(fault.addr);
    let vma = match mm.vma(fault.addr) {
        Some(vma) => vma,
        None => return Err(segfault),
    };
    let ok = match fault.access {
        Access::Write => vma.prot.write(),
        _ => !vma.prot.is_none() && !fault.code.present,
    };
    if !ok {
        return Err(segfault);
    }
    what_to_do(mm, fault, vma)
}

fn what_to_do(mm: &Mm<'_>, fault: &PageFault, vma: &Vma) -> Result<FaultKind, Signal> {
    let needs_own_copy = fault.is_write() && vma.is_private();
    let entry = mm.entry(fault.page.vpn);
    match (entry, vma.object_page(fault.page.vpn)) {
        (Entry::None, None) if fault.is_write() => Ok(FaultKind::DemandZero),
        (Entry::None, None) => Ok(FaultKind::ZeroPage),
        (Entry::None, Some(page)) => match mm.residence(page) {
            Residence::PastEnd => Err(Signal::adrerr(fault.addr)),
            Residence::Cached(pfn) if needs_own_copy => Ok(FaultKind::CopyOnWrite(pfn)),
            Residence::Cached(pfn) => Ok(FaultKind::MapResident(pfn)),
            Residence::OnDisk => Ok(FaultKind::FileRead(page)),
            Residence::Missing => Ok(FaultKind::NewShared(page)),
            Residence::Swapped(slot) => Ok(FaultKind::SwapIn(slot)),
        },
        (Entry::Zero, _) => Ok(FaultKind::DemandZero),
        (Entry::Swapped(slot), _) => match mm.swap_cached(slot) {
            None => Ok(FaultKind::SwapIn(slot)),
            Some(pfn) => {
                let mine = mm.slot_users(slot) == 1 && mm.frame(pfn).mappings == 0;
                if fault.is_write() && !mine {
                    Ok(FaultKind::CopyOnWrite(pfn))
                } else {
                    Ok(FaultKind::SwapCached(slot, pfn))
                }
            }
        },
        (Entry::Anon { writable: false, pfn }, _) => {
            let info = mm.frame(pfn);
            match info.usage {
                Usage::Anon { exclusive: true, .. } => Ok(FaultKind::Reuse(pfn)),
                Usage::Anon { swap_cache: None, .. } if info.mappings < 2 => Ok(FaultKind::Reuse(pfn)),
                _ => Ok(FaultKind::CopyOnWrite(pfn)),
            }
        }
        (Entry::Object { writable: false, pfn }, _) if needs_own_copy => Ok(FaultKind::CopyOnWrite(pfn)),
        (Entry::Object { writable: false, pfn }, _) => Ok(FaultKind::WriteNotify(pfn)),
        _ => Ok(FaultKind::Spurious),
    }
}
