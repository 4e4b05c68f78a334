// Lab 1. A chain of steps that each hand on a verdict or stop with a signal; Option and
// Result do the branching. `Err` ends the chain, as a question that is answered "no".

use vmsim::prelude::*;

type Verdict = Result<FaultKind, Signal>;

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Verdict {
    mm.vma(fault.addr)
        .ok_or(Signal::maperr(fault.addr))
        .and_then(|vma| {
            permitted(vma, fault)
                .then_some(vma)
                .ok_or(Signal::accerr(fault.addr))
        })
        .and_then(|vma| {
            None.or_else(|| swapped(mm, fault))
                .or_else(|| mapped(mm, vma, fault))
                .map_or_else(|| absent(mm, vma, fault), Ok)
        })
}

fn permitted(vma: &Vma, fault: &PageFault) -> bool {
    let reading = |_: &PageFault| !fault.code.present && !vma.prot.is_none();
    Some(fault)
        .filter(|fault| fault.is_write())
        .map_or_else(|| reading(fault), |_| vma.prot.write())
}

fn swapped(mm: &Mm<'_>, fault: &PageFault) -> Option<FaultKind> {
    let slot = Some(mm.entry(fault.page.vpn)).and_then(|entry| match entry {
        Entry::Swapped(slot) => Some(slot),
        _ => None,
    })?;
    let cached = mm.swap_cached(slot);
    let must_copy =
        |pfn: &Pfn| fault.is_write() && mm.slot_users(slot) as usize + mm.frame(*pfn).mappings > 1;
    cached
        .filter(must_copy)
        .map(FaultKind::CopyOnWrite)
        .or_else(|| cached.map(|pfn| FaultKind::SwapCached(slot, pfn)))
        .or(Some(FaultKind::SwapIn(slot)))
}

fn mapped(mm: &Mm<'_>, vma: &Vma, fault: &PageFault) -> Option<FaultKind> {
    let private = |pfn| {
        let kind = [FaultKind::WriteNotify, FaultKind::CopyOnWrite][usize::from(vma.is_private())];
        kind(pfn)
    };
    let own = |pfn| {
        let kind = [FaultKind::CopyOnWrite, FaultKind::Reuse][usize::from(alone(mm, pfn))];
        kind(pfn)
    };
    match mm.entry(fault.page.vpn) {
        Entry::None | Entry::Swapped(_) => None,
        Entry::Zero => Some(FaultKind::DemandZero),
        Entry::Anon { pfn, writable } => {
            (!writable).then(|| own(pfn)).or(Some(FaultKind::Spurious))
        }
        Entry::Object { pfn, writable } => (!writable)
            .then(|| private(pfn))
            .or(Some(FaultKind::Spurious)),
    }
}

fn alone(mm: &Mm<'_>, pfn: Pfn) -> bool {
    let frame = mm.frame(pfn);
    match frame.usage {
        Usage::Anon {
            exclusive,
            swap_cache,
        } => exclusive || swap_cache.map_or(frame.mappings == 1, |_| false),
        _ => false,
    }
}

fn absent(mm: &Mm<'_>, vma: &Vma, fault: &PageFault) -> Verdict {
    let anonymous = [FaultKind::ZeroPage, FaultKind::DemandZero][usize::from(fault.is_write())];
    vma.object_page(fault.page.vpn)
        .map_or(Ok(anonymous), |page| {
            let cached = |pfn| {
                let copies = fault.is_write() && vma.is_private();
                [FaultKind::MapResident, FaultKind::CopyOnWrite][usize::from(copies)](pfn)
            };
            match mm.residence(page) {
                Residence::Cached(pfn) => Ok(cached(pfn)),
                Residence::OnDisk => Ok(FaultKind::FileRead(page)),
                Residence::Swapped(slot) => Ok(FaultKind::SwapIn(slot)),
                Residence::Missing => Ok(FaultKind::NewShared(page)),
                Residence::PastEnd => Err(Signal::adrerr(fault.addr)),
            }
        })
}

// Nothing of this folder is for students: STAYS-HOME-40b2d002
