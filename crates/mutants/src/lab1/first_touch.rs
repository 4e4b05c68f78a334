//! What does a first touch bring in?

use solution::lab1::classify as reference;
use vmsim::prelude::*;

use super::Answer;

/// The page of the file or shared memory that the fault is about.
fn object_page(mm: &Mm<'_>, fault: &PageFault) -> Option<ObjectPage> {
    mm.vma(fault.addr)?.object_page(fault.page.vpn)
}

fn is_private(mm: &Mm<'_>, fault: &PageFault) -> bool {
    mm.vma(fault.addr).is_some_and(Vma::is_private)
}

pub(super) fn reader_gets_a_frame(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match reference(mm, fault)? {
        FaultKind::ZeroPage => Ok(FaultKind::DemandZero),
        kind => Ok(kind),
    }
}

pub(super) fn writer_gets_the_zero_page(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault)?, mm.entry(fault.page.vpn)) {
        (FaultKind::DemandZero, Entry::None) => Ok(FaultKind::ZeroPage),
        (kind, _) => Ok(kind),
    }
}

pub(super) fn fetch_gets_a_frame(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match reference(mm, fault)? {
        FaultKind::ZeroPage if fault.access == Access::Exec => Ok(FaultKind::DemandZero),
        kind => Ok(kind),
    }
}

pub(super) fn shared_memory_is_private(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match reference(mm, fault)? {
        FaultKind::NewShared(_) if fault.is_write() => Ok(FaultKind::DemandZero),
        FaultKind::NewShared(_) => Ok(FaultKind::ZeroPage),
        kind => Ok(kind),
    }
}

pub(super) fn swapped_shared_memory_is_new(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault)?, object_page(mm, fault)) {
        (FaultKind::SwapIn(_), Some(page)) => Ok(FaultKind::NewShared(page)),
        (kind, _) => Ok(kind),
    }
}

pub(super) fn shared_write_is_copied(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match reference(mm, fault)? {
        FaultKind::MapResident(pfn) if fault.is_write() => Ok(FaultKind::CopyOnWrite(pfn)),
        kind => Ok(kind),
    }
}

pub(super) fn private_write_maps_the_cache(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault)?, mm.entry(fault.page.vpn)) {
        (FaultKind::CopyOnWrite(pfn), Entry::None) => Ok(FaultKind::MapResident(pfn)),
        (kind, _) => Ok(kind),
    }
}

pub(super) fn private_read_is_copied(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match reference(mm, fault)? {
        FaultKind::MapResident(pfn) if is_private(mm, fault) => Ok(FaultKind::CopyOnWrite(pfn)),
        kind => Ok(kind),
    }
}

pub(super) fn cached_page_is_read_again(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault)?, object_page(mm, fault)) {
        (FaultKind::MapResident(_), Some(page)) => Ok(FaultKind::FileRead(page)),
        (kind, _) => Ok(kind),
    }
}

pub(super) fn copy_reads_the_file_again(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault)?, object_page(mm, fault)) {
        (FaultKind::CopyOnWrite(_), Some(page)) => Ok(FaultKind::FileRead(page)),
        (kind, _) => Ok(kind),
    }
}

pub(super) fn cold_page_is_made(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match reference(mm, fault)? {
        FaultKind::FileRead(page) => Ok(FaultKind::NewShared(page)),
        kind => Ok(kind),
    }
}

pub(super) fn names_the_first_page(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match reference(mm, fault)? {
        FaultKind::FileRead(page) => Ok(FaultKind::FileRead(ObjectPage { index: 0, ..page })),
        kind => Ok(kind),
    }
}

pub(super) fn offset_is_forgotten(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault)?, mm.vma(fault.addr)) {
        (FaultKind::FileRead(page), Some(vma)) => {
            let index = fault.page.vpn.0 - vma.start.0;
            Ok(FaultKind::FileRead(ObjectPage { index, ..page }))
        }
        (kind, _) => Ok(kind),
    }
}

pub(super) fn end_of_file_is_rounded_up(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let verdict = reference(mm, fault);
    let rounded_up = VirtAddr(fault.addr.0.saturating_add(PAGE_SIZE - 1)).page();
    let page = |vma: &Vma| vma.object_page(rounded_up);
    match mm.vma(fault.addr).and_then(page) {
        Some(page) if verdict.is_ok() && mm.residence(page) == Residence::PastEnd => {
            Err(Signal::adrerr(fault.addr))
        }
        _ => verdict,
    }
}

pub(super) fn behind_the_end_is_segv(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    reference(mm, fault).map_err(|signal| match signal.code {
        SignalCode::Adrerr => Signal::maperr(signal.addr),
        _ => signal,
    })
}

pub(super) fn end_of_file_comes_before_permission(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match object_page(mm, fault) {
        Some(page) if mm.residence(page) == Residence::PastEnd => Err(Signal::adrerr(fault.addr)),
        _ => reference(mm, fault),
    }
}

pub(super) fn behind_the_end_is_zero(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault), object_page(mm, fault)) {
        (Err(signal), Some(page)) if signal.code == SignalCode::Adrerr => {
            Ok(FaultKind::FileRead(page))
        }
        (verdict, _) => verdict,
    }
}

pub(super) fn private_write_behind_the_end(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    reference(mm, fault).or_else(|signal| match signal.code {
        SignalCode::Adrerr if fault.is_write() && is_private(mm, fault) => {
            Ok(FaultKind::DemandZero)
        }
        _ => Err(signal),
    })
}
