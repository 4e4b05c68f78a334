// Lab 1 / Fatima
//
// The kernel itself must never page fault (that would be a kernel panic / oops!),
// so if mode is Kernel the pointer that the program gave to the system call was bad.

use vmsim::prelude::*;

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    if fault.mode == Mode::Kernel {
        return Err(Signal::maperr(fault.addr));
    }
    let vma = mm.vma(fault.addr).ok_or_else(|| Signal::maperr(fault.addr))?;
    check_rights(vma, fault)?;

    match mm.entry(fault.page.vpn) {
        Entry::None => not_present(mm, vma, fault),
        Entry::Zero => Ok(FaultKind::DemandZero),
        Entry::Swapped(slot) => Ok(swap(mm, fault, slot)),
        Entry::Anon { writable: true, .. } => Ok(FaultKind::Spurious),
        Entry::Object { writable: true, .. } => Ok(FaultKind::Spurious),
        Entry::Anon { writable: false, pfn } if shared(mm, pfn) => Ok(FaultKind::CopyOnWrite(pfn)),
        Entry::Anon { writable: false, pfn } => Ok(FaultKind::Reuse(pfn)),
        Entry::Object { writable: false, pfn } => {
            if vma.is_private() {
                Ok(FaultKind::CopyOnWrite(pfn))
            } else {
                Ok(FaultKind::WriteNotify(pfn))
            }
        }
    }
}

fn check_rights(vma: &Vma, fault: &PageFault) -> Result<(), Signal> {
    let granted = if fault.is_write() {
        vma.prot.write()
    } else {
        !(fault.code.present || vma.prot.is_none())
    };
    if granted { Ok(()) } else { Err(Signal::accerr(fault.addr)) }
}

fn not_present(mm: &Mm<'_>, vma: &Vma, fault: &PageFault) -> Result<FaultKind, Signal> {
    let Some(page) = vma.object_page(fault.page.vpn) else {
        return if fault.is_write() { Ok(FaultKind::DemandZero) } else { Ok(FaultKind::ZeroPage) };
    };
    let kind = match mm.residence(page) {
        Residence::Cached(pfn) => {
            if vma.is_private() && fault.is_write() {
                FaultKind::CopyOnWrite(pfn)
            } else {
                FaultKind::MapResident(pfn)
            }
        }
        Residence::OnDisk => FaultKind::FileRead(page),
        Residence::Swapped(slot) => FaultKind::SwapIn(slot),
        Residence::Missing => FaultKind::NewShared(page),
        Residence::PastEnd => return Err(Signal::adrerr(fault.addr)),
    };
    Ok(kind)
}

fn swap(mm: &Mm<'_>, fault: &PageFault, slot: SwapSlot) -> FaultKind {
    if let Some(pfn) = mm.swap_cached(slot) {
        let others = mm.slot_users(slot) - 1 + mm.frame(pfn).mappings as u32;
        if others > 0 && fault.is_write() {
            return FaultKind::CopyOnWrite(pfn);
        }
        return FaultKind::SwapCached(slot, pfn);
    }
    FaultKind::SwapIn(slot)
}

fn shared(mm: &Mm<'_>, pfn: Pfn) -> bool {
    let f = mm.frame(pfn);
    match f.usage {
        Usage::Anon { exclusive: true, .. } => false,
        Usage::Anon { swap_cache: Some(_), .. } => true,
        _ => f.mappings > 1,
    }
}
