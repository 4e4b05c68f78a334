//! Aging: least recently used, as far as A bits can tell.
//!
//! Each page has a counter of a few bits. At every tick it is shifted right, and
//! the A bit comes in from the left; the page with the smallest counter was not
//! used for the longest time (Tanenbaum and Bos: Modern Operating Systems, 3.4.7).

use std::collections::BTreeMap;

use vmsim::addr::Pfn;
use vmsim::fault::PageFault;
use vmsim::kernel::Kernel;
use vmsim::replacement::Policy;

/// Aging with eight bits. A tick is a fault: a kernel would take a timer's.
#[derive(Clone, Debug, Default)]
pub struct Aging {
    /// The counter of each page, by [`Kernel::came_in`].
    counters: BTreeMap<u64, u8>,
}

impl Policy for Aging {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        // A page that came in since the last tick is young.
        let counter = |&pfn: &Pfn| self.counters.get(&k.came_in(pfn)).copied();
        k.evictable()
            .into_iter()
            .min_by_key(|pfn| counter(pfn).unwrap_or(u8::MAX))
    }

    fn repaired(&mut self, k: &mut Kernel, _: &PageFault) {
        let before = std::mem::take(&mut self.counters);
        for pfn in k.evictable() {
            let page = k.came_in(pfn);
            // Its access is tried again in a moment: a page that has just come in is in use.
            let is_new = !before.contains_key(&page);
            let used = k.test_and_clear_accessed(pfn) || is_new;
            let counter = before.get(&page).copied().unwrap_or_default() >> 1;
            self.counters.insert(page, counter | u8::from(used) << 7);
        }
    }
}
