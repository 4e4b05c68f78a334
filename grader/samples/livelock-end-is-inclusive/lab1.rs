/* Lab 1 -- D. Okafor
 * I search the VMA list myself, mm.vma() felt like cheating :)
 */
use vmsim::prelude::*;

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    let page = fault.addr.page();
    let mut area: Option<&Vma> = None;
    for v in mm.vmas().iter() {
        if v.start <= page && page <= v.end && area.is_none() {
            area = Some(v);
        }
    }
    let Some(v) = area else { return Err(Signal::maperr(fault.addr)) };

    let w = fault.is_write();
    if w && !v.prot.write() { return Err(Signal::accerr(fault.addr)); }
    if !w && (v.prot.is_none() || fault.code.present) { return Err(Signal::accerr(fault.addr)); }

    match mm.entry(page) {
        Entry::None => match v.object_page(page).map(|p| (p, mm.residence(p))) {
            None => Ok(if w { FaultKind::DemandZero } else { FaultKind::ZeroPage }),
            Some((_, Residence::PastEnd)) => Err(Signal::adrerr(fault.addr)),
            Some((p, Residence::OnDisk)) => Ok(FaultKind::FileRead(p)),
            Some((p, Residence::Missing)) => Ok(FaultKind::NewShared(p)),
            Some((_, Residence::Swapped(s))) => Ok(FaultKind::SwapIn(s)),
            Some((_, Residence::Cached(f))) => {
                Ok(if w && v.is_private() { FaultKind::CopyOnWrite(f) } else { FaultKind::MapResident(f) })
            }
        },
        Entry::Zero => Ok(FaultKind::DemandZero),
        Entry::Anon { writable: true, .. } | Entry::Object { writable: true, .. } => Ok(FaultKind::Spurious),
        Entry::Anon { pfn, .. } => {
            let f = mm.frame(pfn);
            let reuse = match f.usage {
                Usage::Anon { exclusive, swap_cache } => exclusive || (swap_cache.is_none() && f.mappings == 1),
                _ => false,
            };
            Ok(if reuse { FaultKind::Reuse(pfn) } else { FaultKind::CopyOnWrite(pfn) })
        }
        Entry::Object { pfn, .. } => {
            Ok(if v.is_private() { FaultKind::CopyOnWrite(pfn) } else { FaultKind::WriteNotify(pfn) })
        }
        Entry::Swapped(s) => match mm.swap_cached(s) {
            None => Ok(FaultKind::SwapIn(s)),
            Some(f) if w && !(mm.slot_users(s) == 1 && mm.frame(f).mappings == 0) => Ok(FaultKind::CopyOnWrite(f)),
            Some(f) => Ok(FaultKind::SwapCached(s, f)),
        },
    }
}
