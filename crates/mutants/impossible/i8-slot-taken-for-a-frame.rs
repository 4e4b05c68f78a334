use vmsim::prelude::*;

pub fn swap_cached(k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
    let rights = k.vma(fault.page).rights().read_only();
    let frame = k.get(slot); // wrong
    // right: let (frame, _) = (k.get(pfn), slot);
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}
