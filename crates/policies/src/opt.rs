//! The best policy that there is, for those who know the future.

use vmsim::addr::Pfn;
use vmsim::fault::PageFault;
use vmsim::frames::Usage;
use vmsim::kernel::Kernel;
use vmsim::replacement::Policy;

use crate::foresight::Foresight;
use crate::ranking::Ranking;
use crate::uses::NEVER;

/// Belady's MIN: the page goes whose next use is farthest away (Belady: A study of
/// replacement algorithms for a virtual-storage computer, IBM Systems Journal 5(2),
/// 1966; Mattson and others proved it optimal in 1970).
///
/// The next use of a frame is the earliest next access through any page that maps
/// it or would map it.
///
/// **What it is optimal for.** The number of page-ins (major faults), for a
/// reference string that is fixed, if a page is brought in when it is accessed and
/// not before, one at a time. That is so for accesses of one page each, to memory
/// that is not copied: then no choice of victims takes fewer page-ins. It is not
/// optimal in disk *writes*: a policy that lets a clean page go and keeps a dirty one
/// may write less. Of several pages that are equally far away, mostly because they are
/// never used again, a clean one goes first. Where a fault needs two frames at once (a
/// copy), with read-ahead, fault-around and populated ranges it is a good guess and no
/// proof.
pub struct Opt(Ranking);

impl Opt {
    /// The policy for a run of a trace of which everything is known.
    pub fn new(foresight: Foresight) -> Self {
        Self(Ranking::new(foresight, |foresight, k, pfn, page| {
            let next = page.map_or(NEVER, |page| foresight.next_use(page));
            (NEVER - next, !is_clean(k, pfn))
        }))
    }
}

impl Policy for Opt {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        self.0.first(k)
    }

    fn repaired(&mut self, k: &mut Kernel, _: &PageFault) {
        self.0.note_moves(k);
    }
}

/// Whether the page can be dropped, because the disk has its bytes.
fn is_clean(k: &Kernel, pfn: Pfn) -> bool {
    match k.frame(pfn).usage {
        Usage::Anon { swap_cache, .. } => swap_cache.is_some(),
        Usage::Object(page) => k.is_file(page) && !k.is_dirty(pfn),
        Usage::Free | Usage::Zero => false,
    }
}
