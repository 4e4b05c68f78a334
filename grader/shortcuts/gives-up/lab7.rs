// Lab 7. Compiles, and gives up: no memory, no page, no victim.

use vmsim::prelude::*;

pub fn swap_out(_: &mut Kernel, _: Pfn) -> Repaired {
    Err(OutOfMemory)
}

pub fn swap_in(_: &mut Kernel, _: &PageFault, _: SwapSlot) -> Repaired {
    Err(OutOfMemory)
}

pub fn swap_cached(_: &mut Kernel, _: &PageFault, _: SwapSlot, _: Pfn) -> Repaired {
    Err(OutOfMemory)
}

pub fn fork_swapped(_: &mut Kernel, _: Page, _: Page, _: SwapSlot) {}
