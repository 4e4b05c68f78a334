// Gustav, labs 1 and 5

use vmsim::prelude::*;

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    let vma = match mm.vma(fault.addr) {
        None => return Err(Signal::maperr(fault.addr)),
        Some(vma) => vma,
    };
    let write = fault.is_write();
    if (write && !vma.prot.write()) || (!write && (vma.prot.is_none() || fault.code.present)) {
        return Err(Signal::accerr(fault.addr));
    }
    let vpn = fault.page.vpn;
    let fix = match mm.entry(vpn) {
        Entry::Zero => FaultKind::DemandZero,
        Entry::None => {
            match vma.object_page(vpn) {
                None => { if write { FaultKind::DemandZero } else { FaultKind::ZeroPage } }
                Some(page) => match mm.residence(page) {
                    Residence::Cached(pfn) if write && vma.is_private() => FaultKind::CopyOnWrite(pfn),
                    Residence::Cached(pfn) => FaultKind::MapResident(pfn),
                    Residence::OnDisk => FaultKind::FileRead(page),
                    Residence::Missing => FaultKind::NewShared(page),
                    Residence::Swapped(slot) => FaultKind::SwapIn(slot),
                    Residence::PastEnd => return Err(Signal::adrerr(fault.addr)),
                }
            }
        }
        Entry::Anon { pfn, writable: false } => {
            let frame = mm.frame(pfn);
            let exclusive = matches!(frame.usage, Usage::Anon { exclusive: true, .. });
            let in_swap_cache = matches!(frame.usage, Usage::Anon { swap_cache: Some(_), .. });
            // parent + me = 2. If nobody else is there I can just take it.
            if exclusive || (!in_swap_cache && frame.mappings <= 2) {
                FaultKind::Reuse(pfn)
            } else {
                FaultKind::CopyOnWrite(pfn)
            }
        }
        Entry::Object { pfn, writable: false } => {
            if vma.is_private() { FaultKind::CopyOnWrite(pfn) } else { FaultKind::WriteNotify(pfn) }
        }
        Entry::Anon { .. } | Entry::Object { .. } => FaultKind::Spurious,
        Entry::Swapped(slot) => match mm.swap_cached(slot) {
            None => FaultKind::SwapIn(slot),
            Some(pfn) => {
                if write && (mm.slot_users(slot) != 1 || mm.frame(pfn).mappings != 0) {
                    FaultKind::CopyOnWrite(pfn)
                } else {
                    FaultKind::SwapCached(slot, pfn)
                }
            }
        },
    };
    Ok(fix)
}
