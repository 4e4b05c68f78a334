use vmsim::prelude::*;

pub fn fork_swapped(k: &mut Kernel, parent: Page, child: Page, slot: SwapSlot) {
    let _ = parent;
    // right: let slot = k.get_slot(slot);
    let old = k.map_slot(child, slot).never_cached(k); // wrong
    // right: let old = k.map_slot(child, slot).never_cached(k);
    k.put_old(old);
}
