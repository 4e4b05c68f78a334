use vmsim::prelude::*;
use vmsim::refs::SlotRef;

pub fn swap_out(k: &mut Kernel, pfn: Pfn) -> Repaired {
    for page in k.mappers(pfn) {
        let slot = SlotRef(SwapSlot(page.vpn.0 as u32)); // wrong
        // right: let slot: SlotRef = k.alloc_slot()?;
        k.write_swap(slot.slot(), pfn);
        let old = k.map_slot(page, slot).shoot_down(k);
        k.put_old(old);
    }
    Ok(())
}
