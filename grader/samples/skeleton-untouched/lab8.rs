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
    let _ = k;
    todo!("lab 8: which page goes?")
}

/// Evicts a page of a file from memory.
///
/// Out of all page tables that map it, on all CPUs; to the disk, if it is dirty;
/// out of the page cache. Ask whether it is dirty while the page tables still know
/// ([`Kernel::is_dirty`]).
pub fn evict_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    let _ = (k, page, pfn);
    todo!("lab 8: take the page out of memory, and lose nothing")
}
