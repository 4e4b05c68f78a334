//! The frames in use, in the order in which they came: kept, so that nobody need look at
//! all of them for each victim.

use std::collections::HashMap;

use vmsim::addr::Pfn;
use vmsim::kernel::Kernel;
use vmsim::replacement::Move;

/// The frames in use, each in a slot, the oldest first.
///
/// A frame that goes leaves its slot empty, until there are more empty slots than others.
/// Above the slots stands a Fenwick tree that counts the frames in them, to find the n-th
/// (Fenwick: A new data structure for cumulative frequency tables, Software: Practice and
/// Experience 24(3), 1994).
#[derive(Clone, Debug, Default)]
pub struct Resident {
    slots: Vec<Option<Pfn>>,
    /// How many frames are in the slots that end here, as many as the lowest bit of the
    /// place, from 1, says.
    counts: Vec<u32>,
    slot_of: HashMap<Pfn, usize>,
    /// No slot before this one has a frame.
    first: usize,
}

impl Resident {
    /// Learns what came into use and what went since the last time.
    pub fn catch_up(&mut self, k: &mut Kernel) {
        for change in k.take_moves() {
            match change {
                Move::In(pfn, _) => self.push(pfn),
                Move::Out(pfn) => self.remove(pfn),
            }
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.slot_of.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.slot_of.is_empty()
    }

    /// All of them, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = Pfn> {
        self.slots[self.first..].iter().copied().flatten()
    }

    /// The n-th of them, from 0.
    pub fn nth(&self, n: usize) -> Option<Pfn> {
        let (mut slot, mut left) = (0, n as u32);
        let mut step = self
            .counts
            .len()
            .checked_ilog2()
            .map_or(0, |bits| 1 << bits);
        while step > 0 {
            if let Some(&count) = self.counts.get(slot + step - 1)
                && count <= left
            {
                (slot, left) = (slot + step, left - count);
            }
            step /= 2;
        }
        self.slots.get(slot).copied().flatten()
    }

    fn push(&mut self, pfn: Pfn) {
        if self.slots.len() > 2 * self.len() {
            self.compact();
        }
        self.slots.push(Some(pfn));
        let place = self.slots.len();
        let below = place - (place & place.wrapping_neg());
        let (mut inner, mut count) = (place - 1, 1);
        while inner > below {
            count += self.counts[inner - 1];
            inner &= inner - 1;
        }
        self.counts.push(count);
        self.slot_of.insert(pfn, place - 1);
    }

    fn remove(&mut self, pfn: Pfn) {
        let Some(slot) = self.slot_of.remove(&pfn) else {
            return;
        };
        self.slots[slot] = None;
        let mut place = slot + 1;
        while let Some(count) = self.counts.get_mut(place - 1) {
            *count -= 1;
            place += place & place.wrapping_neg();
        }
        while self.slots.get(self.first) == Some(&None) {
            self.first += 1;
        }
    }

    fn compact(&mut self) {
        let all = self.iter().collect::<Vec<_>>();
        *self = Self::default();
        for pfn in all {
            self.push(pfn);
        }
    }
}
