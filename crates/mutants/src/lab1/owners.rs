//! Who else uses the frame, and may this process write it?

use solution::lab1::classify as reference;
use vmsim::addr::Pid;
use vmsim::prelude::*;

use super::Answer;

pub(super) fn zero_page_is_copied(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault)?, mm.pte(fault.page.vpn).frame()) {
        (FaultKind::DemandZero, Some(zero)) => Ok(FaultKind::CopyOnWrite(zero)),
        (kind, _) => Ok(kind),
    }
}

/// The reference's answer for a frame of private memory that is mapped read-only,
/// decided anew.
fn decide(mm: &Mm<'_>, fault: &PageFault, copies: impl FnOnce(Pfn) -> bool) -> Answer {
    match (reference(mm, fault)?, mm.entry(fault.page.vpn)) {
        (FaultKind::CopyOnWrite(_) | FaultKind::Reuse(_), Entry::Anon { pfn, .. }) => {
            Ok(match copies(pfn) {
                true => FaultKind::CopyOnWrite(pfn),
                false => FaultKind::Reuse(pfn),
            })
        }
        (kind, _) => Ok(kind),
    }
}

fn is_exclusive(mm: &Mm<'_>, pfn: Pfn) -> bool {
    let usage = mm.frame(pfn).usage;
    matches!(usage, Usage::Anon { exclusive, .. } if exclusive)
}

fn is_swap_cached(mm: &Mm<'_>, pfn: Pfn) -> bool {
    let usage = mm.frame(pfn).usage;
    matches!(usage, Usage::Anon { swap_cache, .. } if swap_cache.is_some())
}

pub(super) fn never_copies(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    decide(mm, fault, |_| false)
}

pub(super) fn two_owners_are_one(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let copies = |pfn| mm.frame(pfn).mappings > 2 || is_swap_cached(mm, pfn);
    decide(mm, fault, copies)
}

pub(super) fn never_reuses(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    decide(mm, fault, |_| true)
}

pub(super) fn last_owner_copies(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    decide(mm, fault, |pfn| !is_exclusive(mm, pfn))
}

pub(super) fn first_process_owns(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match reference(mm, fault)? {
        FaultKind::CopyOnWrite(_) if fault.page.pid == Pid(1) => decide(mm, fault, |_| false),
        kind => Ok(kind),
    }
}

pub(super) fn swap_cache_is_no_owner(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    decide(mm, fault, |pfn| mm.frame(pfn).mappings > 1)
}

pub(super) fn mapped_once_is_owned(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault)?, mm.entry(fault.page.vpn)) {
        (FaultKind::CopyOnWrite(pfn), Entry::Object { .. }) if mm.frame(pfn).mappings == 1 => {
            Ok(FaultKind::Reuse(pfn))
        }
        (kind, _) => Ok(kind),
    }
}

pub(super) fn private_write_notifies(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault)?, mm.entry(fault.page.vpn)) {
        (FaultKind::CopyOnWrite(pfn), Entry::Object { .. }) => Ok(FaultKind::WriteNotify(pfn)),
        (kind, _) => Ok(kind),
    }
}

pub(super) fn clean_shared_page_is_copied(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match reference(mm, fault)? {
        FaultKind::WriteNotify(pfn) => Ok(FaultKind::CopyOnWrite(pfn)),
        kind => Ok(kind),
    }
}

pub(super) fn clean_shared_page_is_mapped_again(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match reference(mm, fault)? {
        FaultKind::WriteNotify(pfn) => Ok(FaultKind::MapResident(pfn)),
        kind => Ok(kind),
    }
}

pub(super) fn stale_entry_panics(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match reference(mm, fault)? {
        FaultKind::Spurious => unreachable!("a page that is mapped cannot fault"),
        kind => Ok(kind),
    }
}

pub(super) fn stale_entry_is_copied(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault)?, mm.entry(fault.page.vpn)) {
        (FaultKind::Spurious, Entry::Anon { pfn, .. }) => Ok(FaultKind::CopyOnWrite(pfn)),
        (kind, _) => Ok(kind),
    }
}

pub(super) fn stale_entry_is_noticed(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault)?, mm.entry(fault.page.vpn)) {
        (FaultKind::Spurious, Entry::Object { pfn, .. }) => Ok(FaultKind::WriteNotify(pfn)),
        (kind, _) => Ok(kind),
    }
}

pub(super) fn file_page_is_asked_for_first(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let object = mm
        .vma(fault.addr)
        .and_then(|vma| vma.object_page(fault.page.vpn));
    match (reference(mm, fault)?, object.map(|page| mm.residence(page))) {
        (FaultKind::Reuse(_), Some(Residence::Cached(pfn))) => Ok(FaultKind::CopyOnWrite(pfn)),
        (kind, _) => Ok(kind),
    }
}
