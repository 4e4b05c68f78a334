// Hannah & Ibrahim, lab 1 + 2
use vmsim::prelude::*;

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    let Some(vma) = mm.vma(fault.addr) else { return Err(Signal::maperr(fault.addr)) };
    match fault.access {
        Access::Write if vma.prot.write() => on_write(mm, vma, fault),
        Access::Read | Access::Exec if !vma.prot.is_none() && !fault.code.present => on_read(mm, vma, fault),
        _ => Err(Signal::accerr(fault.addr)),
    }
}

// We made two functions because reads and writes have nothing in common.

fn on_read(mm: &Mm<'_>, vma: &Vma, fault: &PageFault) -> Result<FaultKind, Signal> {
    let page = match mm.entry(fault.page.vpn) {
        Entry::Swapped(slot) => {
            return Ok(match mm.swap_cached(slot) {
                Some(pfn) => FaultKind::SwapCached(slot, pfn),
                None => FaultKind::SwapIn(slot),
            });
        }
        Entry::None => vma.object_page(fault.page.vpn),
        Entry::Zero => return Ok(FaultKind::DemandZero),
        _ => return Ok(FaultKind::Spurious),
    };
    match page {
        None => Ok(FaultKind::ZeroPage),
        Some(page) => match mm.residence(page) {
            Residence::Cached(pfn) => Ok(FaultKind::MapResident(pfn)),
            other => somewhere_else(other, page, fault),
        },
    }
}

fn on_write(mm: &Mm<'_>, vma: &Vma, fault: &PageFault) -> Result<FaultKind, Signal> {
    match mm.entry(fault.page.vpn) {
        Entry::Zero => Ok(FaultKind::DemandZero),
        Entry::Swapped(slot) => match mm.swap_cached(slot) {
            None => Ok(FaultKind::SwapIn(slot)),
            Some(pfn) if mm.slot_users(slot) == 1 && mm.frame(pfn).mappings == 0 => {
                Ok(FaultKind::SwapCached(slot, pfn))
            }
            Some(pfn) => Ok(FaultKind::CopyOnWrite(pfn)),
        },
        Entry::Anon { writable: true, .. } | Entry::Object { writable: true, .. } => Ok(FaultKind::Spurious),
        Entry::Anon { pfn, .. } => {
            let frame = mm.frame(pfn);
            Ok(match frame.usage {
                Usage::Anon { exclusive: true, .. } => FaultKind::Reuse(pfn),
                Usage::Anon { swap_cache: None, .. } if frame.mappings == 1 => FaultKind::Reuse(pfn),
                _ => FaultKind::CopyOnWrite(pfn),
            })
        }
        Entry::Object { pfn, .. } if vma.is_private() => Ok(FaultKind::CopyOnWrite(pfn)),
        Entry::Object { pfn, .. } => Ok(FaultKind::WriteNotify(pfn)),
        Entry::None => match vma.object_page(fault.page.vpn) {
            None => Ok(FaultKind::DemandZero),
            Some(page) => match mm.residence(page) {
                Residence::Cached(pfn) if vma.is_private() => Ok(FaultKind::CopyOnWrite(pfn)),
                Residence::Cached(pfn) => Ok(FaultKind::MapResident(pfn)),
                other => somewhere_else(other, page, fault),
            },
        },
    }
}

fn somewhere_else(place: Residence, page: ObjectPage, fault: &PageFault) -> Result<FaultKind, Signal> {
    match place {
        Residence::Cached(pfn) => Ok(FaultKind::MapResident(pfn)),
        Residence::OnDisk => Ok(FaultKind::FileRead(page)),
        Residence::Swapped(slot) => Ok(FaultKind::SwapIn(slot)),
        Residence::Missing => Ok(FaultKind::NewShared(page)),
        Residence::PastEnd => Err(Signal::adrerr(fault.addr)),
    }
}
