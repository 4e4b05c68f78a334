// Lab 8 - Ada

use vmsim::prelude::*;

pub fn choose_victim(k: &mut Kernel) -> Option<Pfn> {
    // two rounds are enough: the first one clears all bits
    let mut steps = 2 * k.clock_size() + 1;
    while steps > 0 {
        let pfn = k.advance_clock()?;
        if !k.test_and_clear_accessed(pfn) {
            return Some(pfn);
        }
        steps -= 1;
    }
    None
}

pub fn evict_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    let must_write = k.is_dirty(pfn); // ask before the page tables forget
    for mapper in k.mappers(pfn) {
        let old = k.unmap(mapper).shoot_down(k);
        k.put_old(old);
    }
    if must_write {
        k.write_file(page, pfn);
    }
    let frame = k.remove_cache(page);
    k.put(frame);
}
