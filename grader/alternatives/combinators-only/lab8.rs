// Lab 8. The clock as an iterator: take candidates until one was not used. Evicting folds
// over the reverse map, and "dirty" is what the fold finds or the cache had noted.

use vmsim::prelude::*;

pub fn choose_victim(k: &mut Kernel) -> Option<Pfn> {
    let rounds = 2 * k.clock_size() + 1;
    (0..rounds).find_map(|_| {
        k.advance_clock()
            .filter(|&candidate| !k.test_and_clear_accessed(candidate))
    })
}

pub fn evict_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    let noted = k.is_dirty(pfn);
    let dirty = k.mappers(pfn).into_iter().fold(noted, |dirty, mapper| {
        let old = k.unmap(mapper).shoot_down(k);
        let written = matches!(old, Old::Frame { dirty: true, .. });
        k.put_old(old);
        dirty || written
    });
    let cached = k.remove_cache(page);
    [cached].into_iter().for_each(|frame| {
        if dirty {
            k.write_file(page, frame.pfn());
        }
        k.put(frame);
    });
}
