//! Sets of pages, as ranges.

use std::collections::BTreeMap;
use std::ops::Range;

use vmsim::addr::{PAGE_SHIFT, PAGE_SIZE, VirtAddr};

/// The pages that hold these bytes, by number.
pub(crate) fn pages(addr: VirtAddr, len: u64) -> Range<u64> {
    let end = addr.0.saturating_add(len).div_ceil(PAGE_SIZE);
    addr.0 >> PAGE_SHIFT..end
}

/// A set of pages: disjoint ranges, the end by the start.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ranges(BTreeMap<u64, u64>);

impl Ranges {
    /// Adds these pages.
    pub fn insert(&mut self, pages: Range<u64>) {
        self.remove(pages.clone());
        if !pages.is_empty() {
            self.0.insert(pages.start, pages.end);
        }
    }

    /// Takes these pages out.
    pub fn remove(&mut self, pages: Range<u64>) {
        let hit: Vec<_> = self.overlapping(&pages).collect();
        for (start, end) in hit {
            self.0.remove(&start);
            if start < pages.start {
                self.0.insert(start, pages.start);
            }
            if end > pages.end {
                self.0.insert(pages.end, end);
            }
        }
    }

    /// Whether the page is in the set.
    pub fn contains(&self, page: u64) -> bool {
        self.overlaps(page..page + 1)
    }

    /// Whether any of these pages is in the set.
    pub fn overlaps(&self, pages: Range<u64>) -> bool {
        self.overlapping(&pages).next().is_some()
    }

    fn overlapping(&self, pages: &Range<u64>) -> impl Iterator<Item = (u64, u64)> {
        let (first, end) = (pages.start, pages.end.max(pages.start));
        let below = self.0.range(..end).rev();
        below
            .map(|(&start, &end)| (start, end))
            .take_while(move |&(_, end)| end > first)
    }
}
