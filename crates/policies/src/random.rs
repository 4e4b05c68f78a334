//! Anybody: what it costs to know nothing.

use vmsim::addr::Pfn;
use vmsim::kernel::Kernel;
use vmsim::replacement::Policy;

/// A page by lot. The same seed draws the same lots.
#[derive(Clone, Copy, Debug)]
pub struct Random(u64);

impl Random {
    /// Draws lots from this seed on.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
    /// generators, OOPSLA 2014).
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl Policy for Random {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        let all = k.evictable();
        let lot = self.next().checked_rem(all.len() as u64)?;
        all.get(lot as usize).copied()
    }
}
