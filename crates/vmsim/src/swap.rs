//! The swap device and the swap cache.
//!
//! A slot lives as long as something refers to it: a page-table entry, a page of
//! shared memory, or a reference in a handler's hands. While several processes
//! refer to a slot, the first one that reads it leaves the page in the swap cache,
//! so that the others pay no second read (`swap_map` and the swap cache in Linux
//! mm/swapfile.c and mm/swap_state.c).

use crate::addr::{Pfn, SwapSlot};
use crate::content::Content;
use crate::journal::Journal;
use crate::rng::NumberPool;

/// One line of the real cache: a large trace has a hundred thousand of them.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(crate) struct Slot {
    /// Page-table entries, shared-memory pages and handlers that refer to it.
    pub count: u32,
    pub content: Content,
    /// The frame that holds the same page: the swap cache.
    pub cached: Option<Pfn>,
}

/// The swap device.
#[derive(Clone, Debug)]
pub struct Swap {
    slots: Vec<Option<Slot>>,
    numbers: NumberPool,
    /// Slots that were changed.
    pub(crate) changed: Journal<SwapSlot>,
}

impl Swap {
    pub(crate) fn new(slots: u32, seed: u64) -> Self {
        Self {
            slots: Vec::new(),
            numbers: NumberPool::new(slots, seed),
            changed: Journal::UNREAD,
        }
    }

    pub(crate) fn take(&mut self) -> Option<SwapSlot> {
        let number = self.numbers.take()?;
        if self.slots.len() <= number as usize {
            self.slots.resize(number as usize + 1, None);
        }
        self.slots[number as usize] = Some(Slot {
            count: 1,
            content: Content::POISON,
            cached: None,
        });
        self.changed.note(SwapSlot(number));
        Some(SwapSlot(number))
    }

    /// Drops a reference; with the last one the slot is free, and what the swap
    /// cache held for it is returned.
    pub(crate) fn put(&mut self, slot: SwapSlot) -> Option<Pfn> {
        let entry = self.slot_mut(slot);
        entry.count -= 1;
        if entry.count > 0 {
            return None;
        }
        let cached = entry.cached;
        self.slots[slot.0 as usize] = None;
        self.numbers.give_back(slot.0);
        cached
    }

    /// How many slots nobody uses.
    pub fn left(&self) -> u32 {
        self.numbers.left()
    }

    /// The slots in use.
    pub fn in_use(&self) -> impl Iterator<Item = SwapSlot> {
        let used = self
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.is_some());
        used.map(|(number, _)| SwapSlot(number as u32))
    }

    pub(crate) fn get(&self, slot: SwapSlot) -> Option<&Slot> {
        self.slots.get(slot.0 as usize).and_then(Option::as_ref)
    }

    /// The slot, which must be in use.
    pub(crate) fn slot(&self, slot: SwapSlot) -> &Slot {
        self.get(slot)
            .expect("a slot that something refers to is in use")
    }

    pub(crate) fn slot_mut(&mut self, slot: SwapSlot) -> &mut Slot {
        self.changed.note(slot);
        self.slots[slot.0 as usize]
            .as_mut()
            .expect("a slot that something refers to is in use")
    }
}
