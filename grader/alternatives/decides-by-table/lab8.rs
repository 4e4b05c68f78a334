// Lab 8. The two rounds of the clock are two loops over one list: the first round hands
// out second chances, the second has only frames whose chance is used up.

use vmsim::prelude::*;

#[derive(Clone, Copy)]
enum Round {
    OfMercy,
    WithoutMercy,
}

pub fn choose_victim(k: &mut Kernel) -> Option<Pfn> {
    let mut first_spared = None;
    let mut round = Round::OfMercy;
    loop {
        let candidate = k.advance_clock()?;
        if first_spared == Some(candidate) {
            round = Round::WithoutMercy;
        }
        let used = k.test_and_clear_accessed(candidate);
        match round {
            Round::OfMercy if used => {
                first_spared.get_or_insert(candidate);
            }
            Round::OfMercy | Round::WithoutMercy => return Some(candidate),
        }
    }
}

pub fn evict_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    let must_write = k.is_dirty(pfn);
    let (mut pages, held) = (k.mappers(pfn), k.get(pfn));
    pages.reverse();
    let olds: Vec<Old> = pages
        .into_iter()
        .map(|mapper| k.unmap(mapper).shoot_down(k))
        .collect();
    let cached = k.remove_cache(page);
    if must_write {
        k.write_file(page, held.pfn());
    }
    olds.into_iter().for_each(|old| k.put_old(old));
    k.put(cached);
    k.put(held);
}
