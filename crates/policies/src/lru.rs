//! Least recently used, exactly.

use vmsim::addr::Pfn;
use vmsim::fault::PageFault;
use vmsim::kernel::Kernel;
use vmsim::replacement::Policy;

use crate::foresight::Foresight;
use crate::ranking::Ranking;

/// The page goes whose last use is longest ago. No kernel can know it: it does not
/// run on a hit.
pub struct Lru(Ranking);

impl Lru {
    /// The policy for a run of a trace of which everything is known.
    pub fn new(foresight: Foresight) -> Self {
        Self(Ranking::new(foresight, |foresight, _, _, page| {
            let never = 0;
            (page.map_or(never, |page| foresight.last_use(page)), false)
        }))
    }
}

impl Policy for Lru {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        self.0.first(k)
    }

    fn repaired(&mut self, k: &mut Kernel, _: &PageFault) {
        self.0.note_moves(k);
    }
}
