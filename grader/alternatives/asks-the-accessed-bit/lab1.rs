// Lab 1. Early returns only, and one question a function: no `match` and no `else`
// in the whole file. What is left over at the end of a function is the last answer.

use vmsim::prelude::*;

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    let Some(vma) = mm.vma(fault.addr) else {
        return Err(Signal::maperr(fault.addr));
    };
    if is_forbidden(vma, fault) {
        return Err(Signal::accerr(fault.addr));
    }
    let entry = mm.entry(fault.page.vpn);
    if let Entry::Swapped(slot) = entry {
        return Ok(in_slot(mm, fault, slot));
    }
    if entry == Entry::Zero {
        return Ok(FaultKind::DemandZero);
    }
    if entry != Entry::None {
        return Ok(mapped(mm, vma, entry));
    }
    if let Some(page) = vma.object_page(fault.page.vpn) {
        return of_object(mm, vma, fault, page);
    }
    if fault.is_write() {
        return Ok(FaultKind::DemandZero);
    }
    Ok(FaultKind::ZeroPage)
}

fn is_forbidden(vma: &Vma, fault: &PageFault) -> bool {
    if fault.is_write() {
        return !vma.prot.write();
    }
    if fault.code.present {
        return true;
    }
    vma.prot.is_none()
}

fn of_object(
    mm: &Mm<'_>,
    vma: &Vma,
    fault: &PageFault,
    page: ObjectPage,
) -> Result<FaultKind, Signal> {
    let place = mm.residence(page);
    if place == Residence::PastEnd {
        return Err(Signal::adrerr(fault.addr));
    }
    if place == Residence::Missing {
        return Ok(FaultKind::NewShared(page));
    }
    if let Residence::Swapped(slot) = place {
        return Ok(FaultKind::SwapIn(slot));
    }
    let Residence::Cached(pfn) = place else {
        return Ok(FaultKind::FileRead(page));
    };
    if fault.is_write() && vma.is_private() {
        return Ok(FaultKind::CopyOnWrite(pfn));
    }
    Ok(FaultKind::MapResident(pfn))
}

fn mapped(mm: &Mm<'_>, vma: &Vma, entry: Entry) -> FaultKind {
    if let Entry::Object {
        pfn,
        writable: false,
    } = entry
    {
        return of_cache(vma, pfn);
    }
    if let Entry::Anon {
        pfn,
        writable: false,
    } = entry
    {
        return of_private_memory(mm, pfn);
    }
    FaultKind::Spurious
}

fn of_cache(vma: &Vma, pfn: Pfn) -> FaultKind {
    if vma.is_private() {
        return FaultKind::CopyOnWrite(pfn);
    }
    FaultKind::WriteNotify(pfn)
}

fn of_private_memory(mm: &Mm<'_>, pfn: Pfn) -> FaultKind {
    if is_exclusive(mm, pfn) || is_last(mm, pfn) {
        return FaultKind::Reuse(pfn);
    }
    FaultKind::CopyOnWrite(pfn)
}

fn is_exclusive(mm: &Mm<'_>, pfn: Pfn) -> bool {
    let usage = mm.frame(pfn).usage;
    matches!(
        usage,
        Usage::Anon {
            exclusive: true,
            ..
        }
    )
}

fn is_last(mm: &Mm<'_>, pfn: Pfn) -> bool {
    let frame = mm.frame(pfn);
    let in_swap_cache = matches!(
        frame.usage,
        Usage::Anon {
            swap_cache: Some(_),
            ..
        }
    );
    frame.mappings == 1 && !in_swap_cache
}

fn in_slot(mm: &Mm<'_>, fault: &PageFault, slot: SwapSlot) -> FaultKind {
    let Some(pfn) = mm.swap_cached(slot) else {
        return FaultKind::SwapIn(slot);
    };
    let needed_by_others = mm.slot_users(slot) > 1 || mm.frame(pfn).mappings > 0;
    if fault.is_write() && needed_by_others {
        return FaultKind::CopyOnWrite(pfn);
    }
    FaultKind::SwapCached(slot, pfn)
}

// Nothing of this folder is for students: STAYS-HOME-cc92d33d
