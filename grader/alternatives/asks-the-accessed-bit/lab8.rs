// Lab 8. A page that comes under the hand for the second time has had its chance: the
// set of spared frames says so, and nothing need be counted. Whether a page is dirty is
// asked of what comes out of each entry.

use std::collections::BTreeSet;

use super::lab2::may_be_cached;
use vmsim::prelude::*;

pub fn choose_victim(k: &mut Kernel) -> Option<Pfn> {
    let mut spared = BTreeSet::new();
    loop {
        let candidate = k.advance_clock()?;
        if !k.test_and_clear_accessed(candidate) {
            return Some(candidate);
        }
        if !spared.insert(candidate) {
            return Some(candidate);
        }
    }
}

pub fn evict_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    for mapper in k.mappers(pfn) {
        take_out(k, mapper);
    }
    if k.is_dirty(pfn) {
        k.write_file(page, pfn);
    }
    let frame = k.remove_cache(page);
    k.put(frame);
}

fn take_out(k: &mut Kernel, mapper: Page) {
    let known = may_be_cached(k, mapper);
    let change = k.unmap(mapper);
    let old = if known {
        change.shoot_down(k)
    } else {
        change.never_cached(k)
    };
    // The clock clears A and leaves D: a page that no CPU knows may be dirty still.
    if let Old::Frame { frame, dirty: true } = &old {
        k.mark_dirty(frame.pfn());
    }
    k.put_old(old);
}
