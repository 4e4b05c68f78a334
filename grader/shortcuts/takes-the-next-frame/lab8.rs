// Lab 8. Whatever comes under the hand goes, used or not.

use vmsim::prelude::*;

pub fn choose_victim(k: &mut Kernel) -> Option<Pfn> {
    k.advance_clock()
}

pub fn evict_page(_: &mut Kernel, _: ObjectPage, _: Pfn) {}

// Nothing of this folder is for students: STAYS-HOME-9c8052e3
