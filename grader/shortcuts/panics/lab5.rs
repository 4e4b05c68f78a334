// Lab 5. Always in a panic, but written.

use vmsim::prelude::*;

pub fn fork_page(_: &mut Kernel, _: Page, _: Page) {
    panic!("fork_page cannot go wrong here")
}

pub fn copy_on_write(_: &mut Kernel, _: &PageFault, _: Pfn) -> Repaired {
    panic!("copy_on_write cannot go wrong here")
}

pub fn reuse(_: &mut Kernel, _: &PageFault, _: Pfn) {
    panic!("reuse cannot go wrong here")
}
