//! Naive forks: what the child gets, and what the parent keeps.
//!
//! Each type is named like the [`NaiveRule`](crate::rule::NaiveRule) that it is.

use vmsim::prelude::*;

use crate::nearly::Nearly;

/// Without memory for a copy the frame is shared, as the reference does it.
pub(crate) struct ForkCopiesMemory;

impl Nearly for ForkCopiesMemory {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        let Entry::Anon { pfn, .. } = k.entry(parent) else {
            return solution::lab5::fork_page(k, parent, child);
        };
        let original = k.get(pfn);
        let Ok(copy) = k.alloc() else {
            k.put(original);
            return solution::lab5::fork_page(k, parent, child);
        };
        k.copy(&original, &copy);
        k.put(original);
        let rights = k.vma(child).rights();
        let old = k.map(child, copy, rights).never_cached(k);
        k.put_old(old);
    }
}

pub(crate) struct ForkKeepsExclusive;

impl Nearly for ForkKeepsExclusive {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        solution::lab5::fork_page(k, parent, child);
        if let Entry::Anon { pfn, .. } = k.entry(parent) {
            k.mark_exclusive(pfn);
        }
    }
}
