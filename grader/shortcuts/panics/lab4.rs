// Lab 4. Always in a panic, but written.

use vmsim::prelude::*;

pub fn map_resident(_: &mut Kernel, _: &PageFault, _: Pfn) -> Repaired {
    panic!("map_resident cannot go wrong here")
}

pub fn file_read(_: &mut Kernel, _: &PageFault, _: ObjectPage) -> Repaired {
    panic!("file_read cannot go wrong here")
}

pub fn write_notify(_: &mut Kernel, _: &PageFault, _: Pfn) {
    panic!("write_notify cannot go wrong here")
}

pub fn new_shared(_: &mut Kernel, _: &PageFault, _: ObjectPage) -> Repaired {
    panic!("new_shared cannot go wrong here")
}

pub fn clean_page(_: &mut Kernel, _: ObjectPage, _: Pfn) {
    panic!("clean_page cannot go wrong here")
}
