//! Chance that repeats itself.

use std::ops::RangeInclusive;

/// A source of random numbers: SplitMix64 (Steele, Lea and Flood 2014), written
/// out here because a seed must give the same trace for years, which no crate
/// promises across its versions.
#[derive(Clone, Debug)]
pub struct Chance {
    state: u64,
}

impl Chance {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Goes on in another way, for each number.
    pub(crate) fn diverge(&mut self, number: u64) {
        let state = self.number() ^ number;
        *self = Self::new(Self::new(state).number());
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `bound`, which must not be 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        // The bias is one in 2^64 / bound: nothing that a trace would show.
        self.number() % bound
    }

    /// A number of a range.
    pub fn within(&mut self, range: RangeInclusive<u64>) -> u64 {
        let (first, last) = range.into_inner();
        first + self.below(last - first + 1)
    }

    /// Whether something happens that happens so often in a hundred times.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of some, which must not be none.
    pub fn pick<T: Copy>(&mut self, some: &[T]) -> T {
        some[self.below(some.len() as u64) as usize]
    }

    /// The number of one of some weights, each as often as it weighs.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum::<u64>().max(1));
        let hit = |&weight: &u64| match left.checked_sub(weight) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        };
        weights.iter().position(hit).unwrap_or(0)
    }
}
