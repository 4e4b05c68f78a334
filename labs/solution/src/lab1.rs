//! Lab 1, classify: what is this fault, and what would repair it?
//!
//! The MMU knows what the page table says. The kernel knows what it promised: the
//! VMAs. A fault is where the two differ, and it is your job to find out why.

use vmsim::prelude::*;

/// Decides what a fault is, and changes nothing.
///
/// Either the name of a repair, with the evidence for it, or the signal for an
/// access that has none. Ask in this order:
///
/// 1. Does any VMA cover the address? If not: [`Signal::maperr`].
/// 2. Does the VMA allow the access? If not: [`Signal::accerr`]. Take care:
///    - A write needs a mapping that may be written.
///    - A read or a fetch is refused if the hardware found the entry present
///      (`fault.code.present`): then the entry forbids it, and rightly so. If the
///      entry was not present, only `PROT_NONE` refuses; x86 cannot tell more
///      before the page is there.
/// 3. What does the page table know of the page (`mm.entry`), and where else is
///    it (`mm.residence`)? A page behind the end of its file is
///    [`Signal::adrerr`].
pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    // FAULTLINE-BEGIN classify
    let Some(vma) = mm.vma(fault.addr) else {
        return Err(Signal::maperr(fault.addr));
    };
    let allowed = match fault.access {
        Access::Write => vma.prot.write(),
        Access::Read | Access::Exec => !fault.code.present && !vma.prot.is_none(),
    };
    if !allowed {
        return Err(Signal::accerr(fault.addr));
    }
    match mm.entry(fault.page.vpn) {
        Entry::None => untouched(mm, vma, fault),
        Entry::Zero => Ok(FaultKind::DemandZero),
        Entry::Anon {
            writable: false,
            pfn,
        } => Ok(private_write(mm, pfn)),
        Entry::Object {
            writable: false,
            pfn,
        } if vma.is_private() => Ok(FaultKind::CopyOnWrite(pfn)),
        Entry::Object {
            writable: false,
            pfn,
        } => Ok(FaultKind::WriteNotify(pfn)),
        Entry::Anon { .. } | Entry::Object { .. } => Ok(FaultKind::Spurious),
        Entry::Swapped(slot) => Ok(swapped(mm, fault, slot)),
    }
    // FAULTLINE-HANDOUT
    // let _ = (mm, fault);
    // todo!("lab 1: name the repair, or the signal")
    // FAULTLINE-END classify
}
// FAULTLINE-SOLUTION-ONLY-BEGIN classify-parts

/// Nothing is mapped: the page was never touched, or given up.
fn untouched(mm: &Mm<'_>, vma: &Vma, fault: &PageFault) -> Result<FaultKind, Signal> {
    let Some(page) = vma.object_page(fault.page.vpn) else {
        return Ok(if fault.is_write() {
            FaultKind::DemandZero
        } else {
            FaultKind::ZeroPage
        });
    };
    match mm.residence(page) {
        Residence::PastEnd => Err(Signal::adrerr(fault.addr)),
        Residence::Missing => Ok(FaultKind::NewShared(page)),
        Residence::Swapped(slot) => Ok(FaultKind::SwapIn(slot)),
        Residence::OnDisk => Ok(FaultKind::FileRead(page)),
        Residence::Cached(pfn) if fault.is_write() && vma.is_private() => {
            Ok(FaultKind::CopyOnWrite(pfn))
        }
        Residence::Cached(pfn) => Ok(FaultKind::MapResident(pfn)),
    }
}

/// A write to a private frame that is mapped read-only: is it shared still?
fn private_write(mm: &Mm<'_>, pfn: Pfn) -> FaultKind {
    let frame = mm.frame(pfn);
    match frame.usage {
        Usage::Anon {
            exclusive: true, ..
        } => FaultKind::Reuse(pfn),
        Usage::Anon {
            swap_cache: None, ..
        } if frame.mappings == 1 => FaultKind::Reuse(pfn),
        _ => FaultKind::CopyOnWrite(pfn),
    }
}

/// The page is in a swap slot; if somebody read it already, it is in memory, too.
fn swapped(mm: &Mm<'_>, fault: &PageFault, slot: SwapSlot) -> FaultKind {
    match mm.swap_cached(slot) {
        None => FaultKind::SwapIn(slot),
        Some(pfn) if fault.is_write() && !sole_user(mm, slot, pfn) => FaultKind::CopyOnWrite(pfn),
        Some(pfn) => FaultKind::SwapCached(slot, pfn),
    }
}

/// Whether this page's entry is all that still needs the slot and its frame.
fn sole_user(mm: &Mm<'_>, slot: SwapSlot, pfn: Pfn) -> bool {
    mm.slot_users(slot) == 1 && mm.frame(pfn).mappings == 0
}
// FAULTLINE-SOLUTION-ONLY-END classify-parts
