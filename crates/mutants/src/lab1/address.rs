//! Whose address is it?

use solution::lab1::classify as reference;
use vmsim::prelude::*;

use super::Answer;

/// Goes on with a first touch, as if a VMA covered the address.
fn untouched(fault: &PageFault) -> Answer {
    Ok(if fault.is_write() {
        FaultKind::DemandZero
    } else {
        FaultKind::ZeroPage
    })
}

pub(super) fn end_is_inclusive(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let ends_here = |vma: &Vma| vma.end == fault.page.vpn;
    if mm.vma(fault.addr).is_none() && mm.vmas().iter().any(ends_here) {
        return untouched(fault);
    }
    reference(mm, fault)
}

pub(super) fn end_byte_is_inclusive(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let ends_here = |vma: &Vma| vma.end.start() == fault.addr;
    if mm.vma(fault.addr).is_none() && mm.vmas().iter().any(ends_here) {
        return untouched(fault);
    }
    reference(mm, fault)
}

pub(super) fn start_is_exclusive(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match mm.vma(fault.addr) {
        Some(vma) if vma.start == fault.page.vpn => Err(Signal::maperr(fault.addr)),
        _ => reference(mm, fault),
    }
}

pub(super) fn next_vma_counts(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    match mm.vmas().at_or_above(fault.page.vpn) {
        Some(vma) if vma.start > fault.page.vpn => untouched(fault),
        _ => reference(mm, fault),
    }
}

pub(super) fn asks_about_the_nearest_page(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    let mut nearest = *fault;
    nearest.addr.0 = fault.addr.0.saturating_add(PAGE_SIZE / 2);
    nearest.page.vpn = nearest.addr.page();
    reference(mm, &nearest)
}

pub(super) fn unmapped_is_accerr(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    if mm.vma(fault.addr).is_none() {
        return Err(Signal::accerr(fault.addr));
    }
    reference(mm, fault)
}

pub(super) fn kernel_page_is_lazy(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    if !fault.addr.is_user() {
        return untouched(fault);
    }
    reference(mm, fault)
}

pub(super) fn kernel_half_is_si_kernel(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    if !fault.addr.is_user() {
        return Err(Signal {
            code: SignalCode::Kernel,
            addr: VirtAddr(0),
        });
    }
    reference(mm, fault)
}

pub(super) fn kernel_half_is_accerr(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    if !fault.addr.is_user() {
        return Err(Signal::accerr(fault.addr));
    }
    reference(mm, fault)
}

pub(super) fn null_page_is_accerr(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    if fault.page.vpn == Vpn(0) {
        return Err(Signal::accerr(fault.addr));
    }
    reference(mm, fault)
}

pub(super) fn signal_tells_the_page(mm: &Mm<'_>, fault: &PageFault) -> Answer {
    reference(mm, fault).map_err(|signal| Signal {
        addr: fault.page.vpn.start(),
        ..signal
    })
}
