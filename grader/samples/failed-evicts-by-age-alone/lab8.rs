// Lab 8 - Vera

use vmsim::prelude::*;

pub fn choose_victim(k: &mut Kernel) -> Option<Pfn> {
    // the hand goes round in the order in which the pages came, so the page under it is
    // the oldest one, and old pages are not needed any more
    k.advance_clock()
}

pub fn evict_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    let dirty = k.is_dirty(pfn);
    for mapper in k.mappers(pfn) {
        let old = k.unmap(mapper).shoot_down(k);
        k.put_old(old);
    }
    if dirty {
        k.write_file(page, pfn);
    }
    let cached = k.remove_cache(page);
    k.put(cached);
}
