//! What does swap have, and who else needs it?

use solution::lab1::classify as reference;
use vmsim::prelude::*;

use super::Answer;

/// The slot and the frame of a page that the swap cache has.
fn swap_cached(mm: &Mm<'_>, fault: &PageFault) -> Option<(SwapSlot, Pfn)> {
    match mm.entry(fault.page.vpn) {
        Entry::Swapped(slot) => Some((slot, mm.swap_cached(slot)?)),
        _ => None,
    }
}

pub(super) fn swapped_is_untouched(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault)?, mm.entry(fault.page.vpn)) {
        (_, Entry::Swapped(_)) if fault.is_write() => Ok(FaultKind::DemandZero),
        (_, Entry::Swapped(_)) => Ok(FaultKind::ZeroPage),
        (kind, _) => Ok(kind),
    }
}

pub(super) fn swap_cache_is_not_asked(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault)?, mm.entry(fault.page.vpn)) {
        (_, Entry::Swapped(slot)) => Ok(FaultKind::SwapIn(slot)),
        (kind, _) => Ok(kind),
    }
}

pub(super) fn reader_does_not_ask_the_swap_cache(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match reference(mm, fault)? {
        FaultKind::SwapCached(slot, _) if !fault.is_write() => Ok(FaultKind::SwapIn(slot)),
        kind => Ok(kind),
    }
}

/// The reference's answer for a write to a page that the swap cache has, decided
/// anew.
fn decide(mm: &Mm<'_>, fault: &PageFault, copies: impl FnOnce(SwapSlot, Pfn) -> bool) -> Answer {
    match (reference(mm, fault)?, swap_cached(mm, fault)) {
        (_, Some((slot, pfn))) if fault.is_write() => Ok(match copies(slot, pfn) {
            true => FaultKind::CopyOnWrite(pfn),
            false => FaultKind::SwapCached(slot, pfn),
        }),
        (kind, _) => Ok(kind),
    }
}

pub(super) fn swap_cached_write_maps(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    decide(mm, fault, |_, _| false)
}

pub(super) fn swap_cached_write_copies(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    decide(mm, fault, |_, _| true)
}

pub(super) fn mapped_swap_cache_is_free(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    decide(mm, fault, |slot, _| mm.slot_users(slot) > 1)
}

pub(super) fn slot_users_are_not_counted(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    decide(mm, fault, |_, pfn| mm.frame(pfn).mappings > 0)
}

pub(super) fn file_is_asked_for_first(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let verdict = reference(mm, fault)?;
    let object = mm.vma(fault.addr).filter(|vma| vma.is_private());
    let object = object.and_then(|vma| vma.object_page(fault.page.vpn));
    let (Entry::Swapped(_), Some(page)) = (mm.entry(fault.page.vpn), object) else {
        return Ok(verdict);
    };
    match mm.residence(page) {
        Residence::Cached(pfn) if fault.is_write() => Ok(FaultKind::CopyOnWrite(pfn)),
        Residence::Cached(pfn) => Ok(FaultKind::MapResident(pfn)),
        _ => Ok(FaultKind::FileRead(page)),
    }
}
