// Yusuf, lab 1

use vmsim::prelude::*;

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    let vma = mm.vma(fault.addr).unwrap();
    if fault.is_write() && !vma.prot.write() {
        return Err(Signal::accerr(fault.addr));
    }
    if !fault.is_write() && (vma.prot.is_none() || fault.code.present) {
        return Err(Signal::accerr(fault.addr));
    }
    Ok(match mm.entry(fault.page.vpn) {
        Entry::None => match vma.object_page(fault.page.vpn) {
            Some(page) => match mm.residence(page) {
                Residence::Cached(pfn) if fault.is_write() && vma.is_private() => FaultKind::CopyOnWrite(pfn),
                Residence::Cached(pfn) => FaultKind::MapResident(pfn),
                Residence::OnDisk => FaultKind::FileRead(page),
                Residence::Swapped(slot) => FaultKind::SwapIn(slot),
                Residence::Missing => FaultKind::NewShared(page),
                Residence::PastEnd => return Err(Signal::adrerr(fault.addr)),
            },
            None if fault.is_write() => FaultKind::DemandZero,
            None => FaultKind::ZeroPage,
        },
        Entry::Zero => FaultKind::DemandZero,
        Entry::Anon { writable: true, .. } | Entry::Object { writable: true, .. } => FaultKind::Spurious,
        Entry::Anon { pfn, .. } => match (mm.frame(pfn).usage, mm.frame(pfn).mappings) {
            (Usage::Anon { exclusive: true, .. }, _) => FaultKind::Reuse(pfn),
            (Usage::Anon { swap_cache: None, .. }, 1) => FaultKind::Reuse(pfn),
            _ => FaultKind::CopyOnWrite(pfn),
        },
        Entry::Object { pfn, .. } if vma.is_private() => FaultKind::CopyOnWrite(pfn),
        Entry::Object { pfn, .. } => FaultKind::WriteNotify(pfn),
        Entry::Swapped(slot) => match mm.swap_cached(slot) {
            None => FaultKind::SwapIn(slot),
            Some(pfn) if !fault.is_write() => FaultKind::SwapCached(slot, pfn),
            Some(pfn) if mm.slot_users(slot) == 1 && mm.frame(pfn).mappings == 0 => FaultKind::SwapCached(slot, pfn),
            Some(pfn) => FaultKind::CopyOnWrite(pfn),
        },
    })
}
