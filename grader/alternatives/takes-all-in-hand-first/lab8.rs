// Lab 8. Second chance by recursion: a candidate that was used goes to the end of the
// line by itself, and the number of tries is what ends it. An evicted page leaves the
// page cache last.

use vmsim::prelude::*;

pub fn choose_victim(k: &mut Kernel) -> Option<Pfn> {
    let tries = 2 * k.clock_size() + 1;
    try_next(k, tries)
}

fn try_next(k: &mut Kernel, tries: u32) -> Option<Pfn> {
    let candidate = k.advance_clock().filter(|_| tries > 0)?;
    match k.test_and_clear_accessed(candidate) {
        false => Some(candidate),
        true => try_next(k, tries - 1),
    }
}

pub fn evict_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    let frame = k.get(pfn);
    for mapper in k.mappers(pfn) {
        // Takes the dirty bit along, too.
        super::lab2::unmap_page(k, mapper);
    }
    if k.is_dirty(frame.pfn()) {
        k.write_file(page, frame.pfn());
    }
    let cached = k.remove_cache(page);
    k.put(cached);
    k.put(frame);
}
