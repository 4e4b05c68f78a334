// Lab 8. Whatever comes under the hand goes, used or not, and is never written.

use vmsim::prelude::*;

pub fn choose_victim(k: &mut Kernel) -> Option<Pfn> {
    k.advance_clock()
}

pub fn evict_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    for mapper in k.mappers(pfn) {
        let old = k.unmap(mapper).shoot_down(k);
        k.put_old(old);
    }
    let frame = k.remove_cache(page);
    k.put(frame);
}
