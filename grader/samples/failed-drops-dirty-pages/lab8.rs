//! lab 8 (Walter)

use vmsim::prelude::*;

pub fn choose_victim(k: &mut Kernel) -> Option<Pfn> {
    let mut left = 2 * k.clock_size() + 1;
    let mut found = None;
    while found.is_none() && left > 0 {
        let pfn = k.advance_clock()?;
        if !k.test_and_clear_accessed(pfn) {
            found = Some(pfn);
        }
        left -= 1;
    }
    found
}

pub fn evict_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    // A file is on the disk anyway, so nothing needs to be written: it will be read
    // from there again.
    for mapper in k.mappers(pfn) {
        let old = k.unmap(mapper).shoot_down(k);
        k.put_old(old);
    }
    let frame = k.remove_cache(page);
    k.put(frame);
}
