//! Least recently used, exactly.

use vmsim::addr::Pfn;
use vmsim::kernel::Kernel;
use vmsim::replacement::Policy;

use crate::foresight::Foresight;

/// The page goes whose last use is longest ago. No kernel can know it: it does not
/// run on a hit.
pub struct Lru(pub Foresight);

impl Policy for Lru {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        self.0.catch_up(k);
        k.evictable()
            .into_iter()
            .min_by_key(|&pfn| self.0.last_use(k, pfn))
    }
}
