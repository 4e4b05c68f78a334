//! Grace, lab 8.

use vmsim::prelude::*;

pub fn choose_victim(k: &mut Kernel) -> Option<Pfn> {
    let first = k.advance_clock()?;
    let mut candidate = first;
    // everybody gets one second chance, so after a round somebody is found
    for _ in 0..=k.clock_size() * 2 {
        match k.test_and_clear_accessed(candidate) {
            true => candidate = k.advance_clock()?,
            false => return Some(candidate),
        }
    }
    None
}

pub fn evict_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    // Write first: is_dirty looks into the page tables, and they are emptied below.
    // (One process at a time here, so nobody writes in between.)
    match k.is_dirty(pfn) {
        true => k.write_file(page, pfn),
        false => {}
    }
    for mapper in k.mappers(pfn) {
        let frame = k.unmap(mapper).shoot_down(k);
        k.put_old(frame);
    }
    let last = k.remove_cache(page);
    k.put(last);
}
