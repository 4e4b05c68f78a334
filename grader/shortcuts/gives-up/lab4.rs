// Lab 4. Compiles, and gives up: no memory, no page, no victim.

use vmsim::prelude::*;

pub fn map_resident(_: &mut Kernel, _: &PageFault, _: Pfn) -> Repaired {
    Err(OutOfMemory)
}

pub fn file_read(_: &mut Kernel, _: &PageFault, _: ObjectPage) -> Repaired {
    Err(OutOfMemory)
}

pub fn write_notify(_: &mut Kernel, _: &PageFault, _: Pfn) {}

pub fn new_shared(_: &mut Kernel, _: &PageFault, _: ObjectPage) -> Repaired {
    Err(OutOfMemory)
}

pub fn clean_page(_: &mut Kernel, _: ObjectPage, _: Pfn) {}
