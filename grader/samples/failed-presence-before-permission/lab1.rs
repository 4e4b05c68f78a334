// lab 1, Carla
use vmsim::prelude::*;

// Idea: look at the page table first, because most of the time the page is there.
pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    let vma = mm.vma(fault.addr).ok_or(Signal::maperr(fault.addr))?;
    let write = fault.is_write();

    match mm.entry(fault.page.vpn) {
        // not there yet: bring it
        Entry::None => bring(mm, vma, fault),
        Entry::Swapped(slot) => match mm.swap_cached(slot) {
            Some(pfn) if write && (mm.slot_users(slot) > 1 || mm.frame(pfn).mappings > 0) => {
                Ok(FaultKind::CopyOnWrite(pfn))
            }
            Some(pfn) => Ok(FaultKind::SwapCached(slot, pfn)),
            None => Ok(FaultKind::SwapIn(slot)),
        },
        // there: now the permissions
        _ if write && !vma.prot.write() => Err(Signal::accerr(fault.addr)),
        _ if !write && (fault.code.present || vma.prot.is_none()) => Err(Signal::accerr(fault.addr)),
        Entry::Zero => Ok(FaultKind::DemandZero),
        Entry::Anon { pfn, writable: false } => match mm.frame(pfn).usage {
            Usage::Anon { exclusive: true, .. } => Ok(FaultKind::Reuse(pfn)),
            Usage::Anon { swap_cache: None, .. } if mm.frame(pfn).mappings == 1 => Ok(FaultKind::Reuse(pfn)),
            _ => Ok(FaultKind::CopyOnWrite(pfn)),
        },
        Entry::Object { pfn, writable: false } if vma.is_private() => Ok(FaultKind::CopyOnWrite(pfn)),
        Entry::Object { pfn, writable: false } => Ok(FaultKind::WriteNotify(pfn)),
        _ => Ok(FaultKind::Spurious),
    }
}

fn bring(mm: &Mm<'_>, vma: &Vma, fault: &PageFault) -> Result<FaultKind, Signal> {
    match vma.object_page(fault.page.vpn) {
        None if fault.is_write() => Ok(FaultKind::DemandZero),
        None => Ok(FaultKind::ZeroPage),
        Some(page) => match mm.residence(page) {
            Residence::Cached(pfn) if fault.is_write() && vma.is_private() => Ok(FaultKind::CopyOnWrite(pfn)),
            Residence::Cached(pfn) => Ok(FaultKind::MapResident(pfn)),
            Residence::OnDisk => Ok(FaultKind::FileRead(page)),
            Residence::Swapped(slot) => Ok(FaultKind::SwapIn(slot)),
            Residence::Missing => Ok(FaultKind::NewShared(page)),
            Residence::PastEnd => Err(Signal::adrerr(fault.addr)),
        },
    }
}
