// Lab 8. The clock goes round twice at most, counted down. A page of a file is taken
// out of the page cache first, so that nobody finds it there any more, then out of all
// page tables.

use vmsim::prelude::*;

pub fn choose_victim(k: &mut Kernel) -> Option<Pfn> {
    let mut left = 2 * k.clock_size() + 1;
    while left > 0 {
        left -= 1;
        let candidate = k.advance_clock()?;
        if k.test_and_clear_accessed(candidate) {
            continue;
        }
        return Some(candidate);
    }
    None
}

pub fn evict_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    let mut dirty = k.is_dirty(pfn);
    let frame = k.remove_cache(page);
    for mapper in k.mappers(pfn) {
        k.shoot_down(mapper);
        let old = k.unmap(mapper).shoot_down(k);
        if let Old::Frame {
            dirty: written_since,
            ..
        } = &old
        {
            dirty |= *written_since;
        }
        k.put_old(old);
    }
    if dirty {
        k.write_file(page, frame.pfn());
    }
    k.put(frame);
}
