//! Services for the choice of victims.

use crate::addr::Pfn;
use crate::frames::Usage;
use crate::kernel::Kernel;
use crate::mm::Page;
use crate::pte::Pte;
use crate::replacement::Move;

impl Kernel {
    /// The next frame that could be evicted, clockwise; none if there is none.
    ///
    /// Frames come in the order in which they came into use; of two that did so in
    /// one fault, the one in a cache comes before the private copy of it. Frames that
    /// a handler holds are passed over, and so is private memory when no swap slot
    /// is left for it.
    pub fn advance_clock(&mut self) -> Option<Pfn> {
        for _ in 0..self.frames.ring.size() {
            let pfn = self.frames.ring.advance()?;
            if self.is_evictable(pfn) {
                return Some(pfn);
            }
        }
        None
    }

    /// How many frames the clock goes round.
    pub fn clock_size(&self) -> u32 {
        self.frames.ring.size()
    }

    /// All frames that could be evicted, in the order in which they came into use.
    pub fn evictable(&self) -> Vec<Pfn> {
        let in_use = self.frames.in_use();
        let mut all: Vec<Pfn> = in_use.filter(|&pfn| self.is_evictable(pfn)).collect();
        all.sort_by_key(|&pfn| self.came_in(pfn));
        all
    }

    /// What came into use and went out of it since this was last asked; the first time,
    /// all frames in use, in the order in which they came. For a policy that keeps frames
    /// in an order of its own, and so need not look at all of them for each victim.
    pub fn take_moves(&mut self) -> Vec<Move> {
        self.frames.ring.take_moves()
    }

    /// How many frames had come into use before, when this one did: a number that
    /// tells a page from the one that had its frame before.
    pub fn came_in(&self, pfn: Pfn) -> u64 {
        self.frames.ring.came_in(pfn)
    }

    /// Whether any page that maps the frame was used since the last time that
    /// this was asked; all their A bits are cleared, and the TLBs forget the
    /// pages, so that the hardware sets the bits again (`folio_referenced` in
    /// Linux mm/rmap.c).
    #[track_caller]
    pub fn test_and_clear_accessed(&mut self, pfn: Pfn) -> bool {
        if !self.frames.forget_use(pfn) {
            return false;
        }
        match self.frames.get(pfn).mappers.only() {
            Some(page) => self.age(page),
            None => {
                let mappers = self.mappers(pfn).into_iter();
                mappers.fold(false, |accessed, page| self.age(page) | accessed)
            }
        }
    }

    #[inline]
    fn age(&mut self, page: Page) -> bool {
        let pte = self.pte(page);
        if pte.accessed() {
            self.age_entry(page, pte);
        }
        pte.accessed()
    }

    /// Clears the A bit of an entry, and makes the TLBs forget the page.
    #[inline]
    pub(crate) fn age_entry(&mut self, page: Page, pte: Pte) {
        self.write_entry(page, pte.aged());
        self.forget_everywhere(page);
    }

    /// Whether the frame could be evicted: no handler holds it, and there is a place for
    /// its page to go to.
    #[inline]
    pub fn is_evictable(&self, pfn: Pfn) -> bool {
        let frame = self.frames.get(pfn);
        let (caches, swappable) = match frame.usage {
            Usage::Free | Usage::Zero => return false,
            Usage::Anon { swap_cache, .. } => (
                u32::from(swap_cache.is_some()),
                swap_cache.is_some() || self.swap.left() > 0,
            ),
            Usage::Object(page) => (1, self.is_file(page) || self.swap.left() > 0),
        };
        swappable && frame.count == frame.mappers.len() as u32 + caches
    }

    #[inline]
    fn forget_everywhere(&mut self, page: Page) {
        let asid = self.running(page.pid).asid;
        for tlb in &mut self.tlbs {
            tlb.invalidate(asid, page.vpn);
        }
    }
}
