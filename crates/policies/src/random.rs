//! Anybody: what it costs to know nothing.

use vmsim::addr::Pfn;
use vmsim::fault::PageFault;
use vmsim::kernel::Kernel;
use vmsim::replacement::Policy;

use crate::resident::Resident;

/// A page by lot. The same seed draws the same lots.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
    resident: Resident,
}

impl Random {
    /// Draws lots from this seed on.
    pub fn new(seed: u64) -> Self {
        Self {
            state: seed,
            resident: Resident::default(),
        }
    }

    /// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
    /// generators, OOPSLA 2014).
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl Policy for Random {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        self.resident.catch_up(k);
        let lot = self.next();
        let of_all = lot.checked_rem(self.resident.len() as u64)?;
        let drawn = self.resident.nth(of_all as usize);
        drawn
            .filter(|&pfn| k.is_evictable(pfn))
            .or_else(|| of_evictable(k, lot))
    }

    fn repaired(&mut self, k: &mut Kernel, _: &PageFault) {
        self.resident.catch_up(k);
    }
}

/// The same lot once more, for those only that may go.
fn of_evictable(k: &Kernel, lot: u64) -> Option<Pfn> {
    let all = k.evictable();
    let lot = lot.checked_rem(all.len() as u64)?;
    all.get(lot as usize).copied()
}
