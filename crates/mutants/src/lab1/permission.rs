//! Does the mapping allow the access?

use solution::lab1::classify as reference;
use vmsim::prelude::*;

use super::Answer;

/// Whether the VMA forbids the write that faulted.
fn is_forbidden_write(mm: &Mm<'_>, fault: &PageFault) -> bool {
    fault.is_write() && mm.vma(fault.addr).is_some_and(|vma| !vma.prot.write())
}

/// Whether the page is behind PROT_NONE.
fn is_hidden(mm: &Mm<'_>, fault: &PageFault) -> bool {
    mm.vma(fault.addr).is_some_and(|vma| vma.prot.is_none())
}

/// What the reference says to a reader.
fn for_a_reader(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let access = Access::Read;
    reference(mm, &PageFault { access, ..*fault })
}

/// What is refused, or else what the reference says.
fn refuse(refused: bool, mm: &Mm<'_>, fault: &PageFault) -> Answer {
    if refused {
        return Err(Signal::accerr(fault.addr));
    }
    reference(mm, fault)
}

pub(super) fn hidden_is_maperr(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    if is_hidden(mm, fault) {
        return Err(Signal::maperr(fault.addr));
    }
    reference(mm, fault)
}

pub(super) fn refused_write_is_maperr(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    if is_forbidden_write(mm, fault) {
        return Err(Signal::maperr(fault.addr));
    }
    reference(mm, fault)
}

pub(super) fn write_protection_is_copy_on_write(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match mm.entry(fault.page.vpn) {
        Entry::Anon { pfn, writable } | Entry::Object { pfn, writable }
            if is_forbidden_write(mm, fault) && !writable =>
        {
            Ok(FaultKind::CopyOnWrite(pfn))
        }
        _ => reference(mm, fault),
    }
}

pub(super) fn private_write_is_not_asked_for(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match mm.entry(fault.page.vpn) {
        Entry::Anon { pfn, .. } if is_forbidden_write(mm, fault) => {
            Ok(match mm.frame(pfn).mappings {
                1 => FaultKind::Reuse(pfn),
                _ => FaultKind::CopyOnWrite(pfn),
            })
        }
        _ => reference(mm, fault),
    }
}

pub(super) fn only_present_pages_are_protected(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    if !is_forbidden_write(mm, fault) || fault.code.present {
        return reference(mm, fault);
    }
    match for_a_reader(mm, fault)? {
        FaultKind::ZeroPage => Ok(FaultKind::DemandZero),
        kind => Ok(kind),
    }
}

pub(super) fn present_is_forbidden(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let refused = fault.is_write() && fault.code.present && mm.vma(fault.addr).is_some();
    refuse(refused, mm, fault)
}

pub(super) fn page_comes_before_permission(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    if is_forbidden_write(mm, fault) && !fault.code.present {
        return for_a_reader(mm, fault);
    }
    reference(mm, fault)
}

pub(super) fn fetch_is_not_asked_for(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    if fault.access == Access::Exec && fault.code.present {
        return Ok(FaultKind::Spurious);
    }
    reference(mm, fault)
}

pub(super) fn fetch_asks_the_vma_first(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let forbids = |vma: &Vma| fault.access == Access::Exec && !vma.prot.exec();
    refuse(mm.vma(fault.addr).is_some_and(forbids), mm, fault)
}

pub(super) fn fetch_alone_cannot_be_read(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let exec_only = |vma: &Vma| vma.prot.exec() && !vma.prot.read() && !vma.prot.write();
    let refused = fault.access == Access::Read && mm.vma(fault.addr).is_some_and(exec_only);
    refuse(refused, mm, fault)
}

pub(super) fn write_alone_cannot_be_read(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let write_only = |vma: &Vma| vma.prot.write() && !vma.prot.read();
    let refused = fault.access == Access::Read && mm.vma(fault.addr).is_some_and(write_only);
    refuse(refused, mm, fault)
}

pub(super) fn untouched_page_is_not_hidden(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let untouched = mm.entry(fault.page.vpn) == Entry::None;
    if is_hidden(mm, fault) && !fault.is_write() && untouched {
        return Ok(FaultKind::ZeroPage);
    }
    reference(mm, fault)
}

pub(super) fn hidden_page_is_stale(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let in_memory = mm.pte(fault.page.vpn).frame().is_some();
    if is_hidden(mm, fault) && in_memory {
        return Ok(FaultKind::Spurious);
    }
    reference(mm, fault)
}

pub(super) fn swap_comes_before_permission(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match mm.entry(fault.page.vpn) {
        Entry::Swapped(slot) if mm.swap_cached(slot).is_none() => Ok(FaultKind::SwapIn(slot)),
        _ => reference(mm, fault),
    }
}

pub(super) fn kernel_touches_no_lazy_page(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let untouched = mm.vma(fault.addr).is_some() && mm.entry(fault.page.vpn) == Entry::None;
    if fault.mode == Mode::Kernel && untouched {
        return Err(Signal::maperr(fault.addr));
    }
    reference(mm, fault)
}

pub(super) fn kernel_writes_the_shared_frame(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match (reference(mm, fault)?, mm.entry(fault.page.vpn)) {
        (FaultKind::CopyOnWrite(pfn), Entry::Anon { .. }) if fault.mode == Mode::Kernel => {
            Ok(FaultKind::Reuse(pfn))
        }
        (kind, _) => Ok(kind),
    }
}

pub(super) fn kernel_may_write_anything(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    if fault.mode == Mode::Kernel && is_forbidden_write(mm, fault) {
        return Ok(FaultKind::DemandZero);
    }
    reference(mm, fault)
}

pub(super) fn kernel_reads_writable_memory_only(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let read_only = |vma: &Vma| !vma.prot.write();
    let refused = fault.mode == Mode::Kernel && mm.vma(fault.addr).is_some_and(read_only);
    refuse(refused, mm, fault)
}
