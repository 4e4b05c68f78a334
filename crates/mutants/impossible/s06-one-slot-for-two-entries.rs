use vmsim::prelude::*;

pub fn swap_out(k: &mut Kernel, pfn: Pfn) -> Repaired {
    let slot = k.alloc_slot()?;
    k.write_swap(slot.slot(), pfn);
    for page in k.mappers(pfn) {
        // right: let slot = k.get_slot(slot.slot());
        let old = k.map_slot(page, slot).shoot_down(k); // wrong
        // right: let old = k.map_slot(page, slot).shoot_down(k);
        k.put_old(old);
    }
    Ok(())
}
