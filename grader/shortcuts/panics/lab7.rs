// Lab 7. Always in a panic, but written.

use vmsim::prelude::*;

pub fn swap_out(_: &mut Kernel, _: Pfn) -> Repaired {
    panic!("swap_out cannot go wrong here")
}

pub fn swap_in(_: &mut Kernel, _: &PageFault, _: SwapSlot) -> Repaired {
    panic!("swap_in cannot go wrong here")
}

pub fn swap_cached(_: &mut Kernel, _: &PageFault, _: SwapSlot, _: Pfn) -> Repaired {
    panic!("swap_cached cannot go wrong here")
}

pub fn fork_swapped(_: &mut Kernel, _: Page, _: Page, _: SwapSlot) {
    panic!("fork_swapped cannot go wrong here")
}
