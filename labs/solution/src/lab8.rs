//! Lab 8, replace: when no frame is free, which page goes?
//!
//! The best victim is the page that will not be needed for the longest time.
//! Nobody knows the future; the accessed bit tells a little of the past.

use vmsim::prelude::*;

/// Chooses the frame to evict, by second chance.
///
/// [`Kernel::advance_clock`] goes round the frames that can be evicted. A page that
/// was used since the hand last passed is spared once
/// ([`Kernel::test_and_clear_accessed`]). After one round every bit is clear, so
/// the second round finds a victim, if there are any frames to choose from.
pub fn choose_victim(k: &mut Kernel) -> Option<Pfn> {
    // FAULTLINE-BEGIN choose_victim
    for _ in 0..=2 * k.clock_size() {
        let candidate = k.advance_clock()?;
        if !k.test_and_clear_accessed(candidate) {
            return Some(candidate);
        }
    }
    None
    // FAULTLINE-HANDOUT
    // let _ = k;
    // todo!("lab 8: which page goes?")
    // FAULTLINE-END choose_victim
}

/// Evicts a page of a file from memory.
///
/// Out of all page tables that map it, on all CPUs; to the disk, if it is dirty;
/// out of the page cache. Ask whether it is dirty while the page tables still know
/// ([`Kernel::is_dirty`]).
pub fn evict_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    // FAULTLINE-BEGIN evict_page
    let dirty = k.is_dirty(pfn);
    while let Some(mapper) = k.first_mapper(pfn) {
        let old = k.unmap(mapper).shoot_down(k);
        k.put_old(old);
    }
    if dirty {
        k.write_file(page, pfn);
    }
    let frame = k.remove_cache(page);
    k.put(frame);
    // FAULTLINE-HANDOUT
    // let _ = (k, page, pfn);
    // todo!("lab 8: take the page out of memory, and lose nothing")
    // FAULTLINE-END evict_page
}
