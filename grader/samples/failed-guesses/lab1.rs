//! Grace Hopper's hand-in. Everything is a table: I wrote down the cases on paper
//! first and then turned the paper into `match`.

use vmsim::prelude::*;

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    mm.vma(fault.addr)
        .ok_or(Signal::maperr(fault.addr))
        .and_then(|vma| match permitted(vma, fault) {
            true => repair(mm, vma, fault),
            false => Err(Signal::accerr(fault.addr)),
        })
}

fn permitted(vma: &Vma, fault: &PageFault) -> bool {
    match (fault.access, fault.code.present) {
        (Access::Write, _) => vma.prot.write(),
        (Access::Read | Access::Exec, true) => false,
        (Access::Read | Access::Exec, false) => !vma.prot.is_none(),
    }
}

fn repair(mm: &Mm<'_>, vma: &Vma, fault: &PageFault) -> Result<FaultKind, Signal> {
    use FaultKind as Fix;
    let write = fault.is_write();
    let backing = vma.object_page(fault.page.vpn);
    Ok(match (mm.entry(fault.page.vpn), backing, write) {
        (Entry::None, None, false) => Fix::ZeroPage,
        (Entry::None, None, true) => Fix::DemandZero,
        (Entry::None, Some(page), _) => match (mm.residence(page), write && vma.is_private()) {
            (Residence::PastEnd, _) => return Err(Signal::adrerr(fault.addr)),
            (Residence::Cached(pfn), true) => Fix::CopyOnWrite(pfn),
            (Residence::Cached(pfn), false) => Fix::MapResident(pfn),
            (Residence::OnDisk, _) => Fix::FileRead(page),
            (Residence::Missing, _) => Fix::NewShared(page),
            (Residence::Swapped(slot), _) => Fix::SwapIn(slot),
        },
        (Entry::Zero, _, _) => Fix::DemandZero,
        (Entry::Anon { writable: true, .. } | Entry::Object { writable: true, .. }, _, _) => {
            Fix::Spurious
        }
        (Entry::Anon { pfn, .. }, _, _) => match owners(mm, pfn) {
            Owners::Me => Fix::Reuse(pfn),
            Owners::Several => Fix::CopyOnWrite(pfn),
        },
        (Entry::Object { pfn, .. }, _, _) if vma.is_private() => Fix::CopyOnWrite(pfn),
        (Entry::Object { pfn, .. }, _, _) => Fix::WriteNotify(pfn),
        (Entry::Swapped(slot), _, _) => match (mm.swap_cached(slot), write) {
            (None, _) => Fix::SwapIn(slot),
            (Some(pfn), false) => Fix::SwapCached(slot, pfn),
            (Some(pfn), true) => match (mm.slot_users(slot), mm.frame(pfn).mappings) {
                (1, 0) => Fix::SwapCached(slot, pfn),
                _ => Fix::CopyOnWrite(pfn),
            },
        },
    })
}

enum Owners {
    Me,
    Several,
}

fn owners(mm: &Mm<'_>, pfn: Pfn) -> Owners {
    let frame = mm.frame(pfn);
    match (frame.usage, frame.mappings) {
        (Usage::Anon { exclusive: true, .. }, _) => Owners::Me,
        (Usage::Anon { exclusive: false, swap_cache: None }, 1) => Owners::Me,
        _ => Owners::Several,
    }
}
