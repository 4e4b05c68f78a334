// Lab 2. Compiles, and gives up: no memory, no page, no victim.

use vmsim::prelude::*;

pub fn zero_page(_: &mut Kernel, _: &PageFault) -> Repaired {
    Err(OutOfMemory)
}

pub fn demand_zero(_: &mut Kernel, _: &PageFault) -> Repaired {
    Err(OutOfMemory)
}

pub fn unmap_page(_: &mut Kernel, _: Page) {}
