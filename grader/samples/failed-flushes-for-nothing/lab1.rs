// Lab 1 - Ada
// I return as early as I can, so at the bottom only the interesting cases are left.

use vmsim::prelude::*;

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    // 1. was anything promised here?
    let Some(vma) = mm.vma(fault.addr) else {
        return Err(Signal::maperr(fault.addr));
    };

    // 2. permission. Always before looking at presence!
    if fault.is_write() && !vma.prot.write() {
        return Err(Signal::accerr(fault.addr));
    }
    if !fault.is_write() {
        // the hardware saw the entry and said no
        if fault.code.present {
            return Err(Signal::accerr(fault.addr));
        }
        if vma.prot.is_none() {
            return Err(Signal::accerr(fault.addr));
        }
    }

    // 3. now the page itself
    let entry = mm.entry(fault.page.vpn);

    if entry == Entry::None {
        return first_touch(mm, vma, fault);
    }
    if entry == Entry::Zero {
        return Ok(FaultKind::DemandZero);
    }
    if let Entry::Swapped(slot) = entry {
        return Ok(in_swap(mm, fault, slot));
    }
    if let Entry::Anon { pfn, writable: false } = entry {
        if only_ours(mm, pfn) {
            return Ok(FaultKind::Reuse(pfn));
        }
        return Ok(FaultKind::CopyOnWrite(pfn));
    }
    if let Entry::Object { pfn, writable: false } = entry {
        if vma.is_private() {
            return Ok(FaultKind::CopyOnWrite(pfn));
        }
        return Ok(FaultKind::WriteNotify(pfn));
    }

    // the table allows it, so a TLB was out of date
    Ok(FaultKind::Spurious)
}

fn first_touch(mm: &Mm<'_>, vma: &Vma, fault: &PageFault) -> Result<FaultKind, Signal> {
    let Some(page) = vma.object_page(fault.page.vpn) else {
        // anonymous. Reading costs nothing (zero page), writing costs a frame.
        if fault.is_write() {
            return Ok(FaultKind::DemandZero);
        }
        return Ok(FaultKind::ZeroPage);
    };

    match mm.residence(page) {
        Residence::PastEnd => Err(Signal::adrerr(fault.addr)),
        Residence::Missing => Ok(FaultKind::NewShared(page)),
        Residence::OnDisk => Ok(FaultKind::FileRead(page)),
        Residence::Swapped(slot) => Ok(FaultKind::SwapIn(slot)),
        Residence::Cached(pfn) => {
            if fault.is_write() && vma.is_private() {
                return Ok(FaultKind::CopyOnWrite(pfn));
            }
            Ok(FaultKind::MapResident(pfn))
        }
    }
}

fn in_swap(mm: &Mm<'_>, fault: &PageFault, slot: SwapSlot) -> FaultKind {
    let Some(pfn) = mm.swap_cached(slot) else {
        return FaultKind::SwapIn(slot);
    };
    if !fault.is_write() {
        return FaultKind::SwapCached(slot, pfn);
    }
    // a write may only take the frame over if nobody else is left
    if mm.slot_users(slot) > 1 || mm.frame(pfn).mappings > 0 {
        return FaultKind::CopyOnWrite(pfn);
    }
    FaultKind::SwapCached(slot, pfn)
}

// Am I the last one who uses this frame?
fn only_ours(mm: &Mm<'_>, pfn: Pfn) -> bool {
    let info = mm.frame(pfn);
    let Usage::Anon { exclusive, swap_cache } = info.usage else {
        return false;
    };
    if exclusive {
        return true;
    }
    if swap_cache.is_some() {
        return false; // whoever still needs the slot is a user as well
    }
    info.mappings == 1
}
