// Elif. Labs 1 and half of 2, lab 3 does not know the guard gap yet
use vmsim::prelude::*;

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    let Some(vma) = mm.vma(fault.addr) else {
        return Err(Signal::maperr(fault.addr));
    };
    let refused = if fault.is_write() {
        !vma.prot.write()
    } else {
        fault.code.present || vma.prot.is_none()
    };
    if refused {
        return Err(Signal::accerr(fault.addr));
    }
    let copy = fault.is_write() && vma.is_private();

    // everything that is in memory in some way
    match mm.entry(fault.page.vpn) {
        Entry::Zero => return Ok(FaultKind::DemandZero),
        Entry::Anon { pfn, writable: false } => return Ok(cow_or_reuse(mm, pfn)),
        Entry::Object { pfn, writable: false } if copy => return Ok(FaultKind::CopyOnWrite(pfn)),
        Entry::Object { pfn, writable: false } => return Ok(FaultKind::WriteNotify(pfn)),
        Entry::Anon { .. } | Entry::Object { .. } => return Ok(FaultKind::Spurious),
        Entry::Swapped(slot) => {
            let Some(pfn) = mm.swap_cached(slot) else {
                return Ok(FaultKind::SwapIn(slot));
            };
            let last = mm.slot_users(slot) == 1 && mm.frame(pfn).mappings == 0;
            return Ok(if copy && !last { FaultKind::CopyOnWrite(pfn) } else { FaultKind::SwapCached(slot, pfn) });
        }
        Entry::None => {}
    }

    // everything else
    let Some(page) = vma.object_page(fault.page.vpn) else {
        return Ok(if fault.is_write() { FaultKind::DemandZero } else { FaultKind::ZeroPage });
    };
    match mm.residence(page) {
        Residence::Cached(pfn) if copy => Ok(FaultKind::CopyOnWrite(pfn)),
        Residence::Cached(pfn) => Ok(FaultKind::MapResident(pfn)),
        Residence::OnDisk => Ok(FaultKind::FileRead(page)),
        Residence::Swapped(slot) => Ok(FaultKind::SwapIn(slot)),
        Residence::Missing => Ok(FaultKind::NewShared(page)),
        Residence::PastEnd => Err(Signal::adrerr(fault.addr)),
    }
}

fn cow_or_reuse(mm: &Mm<'_>, pfn: Pfn) -> FaultKind {
    let frame = mm.frame(pfn);
    if let Usage::Anon { exclusive, swap_cache } = frame.usage {
        if exclusive || (swap_cache.is_none() && frame.mappings == 1) {
            return FaultKind::Reuse(pfn);
        }
    }
    FaultKind::CopyOnWrite(pfn)
}
