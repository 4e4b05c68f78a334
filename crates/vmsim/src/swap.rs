//! The swap device and the swap cache.
//!
//! A slot lives as long as something refers to it: a page-table entry, a page of
//! shared memory, or a reference in a handler's hands. While several processes
//! refer to a slot, the first one that reads it leaves the page in the swap cache,
//! so that the others pay no second read (`swap_map` and the swap cache in Linux
//! mm/swapfile.c and mm/swap_state.c).

use crate::addr::{Pfn, SwapSlot};
use crate::content::Content;
use crate::frames::ZERO_PAGE;
use crate::journal::Journal;
use crate::rng::NumberPool;

/// What the kernel knows of a slot. Small, because a large trace has a hundred thousand of
/// them, and what does not fit into the computer's caches costs more than all the rest of a
/// fault.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub content: Content,
    /// Page-table entries, shared-memory pages and handlers that refer to it; of a slot
    /// that is free, none.
    pub count: u32,
    /// The frame that holds the same page, or [`NOT_CACHED`].
    cached: Pfn,
}

const _: () = assert!(size_of::<Slot>() == 24);

/// No frame: the zero page is in no swap cache.
const NOT_CACHED: Pfn = ZERO_PAGE;

const FREE: Slot = Slot {
    content: Content::POISON,
    count: 0,
    cached: NOT_CACHED,
};

impl Slot {
    /// The frame that holds the same page: the swap cache.
    #[inline]
    pub fn cached(&self) -> Option<Pfn> {
        (self.cached != NOT_CACHED).then_some(self.cached)
    }

    /// Puts a frame into the swap cache, or takes it out; returns the one before.
    pub fn cache(&mut self, frame: Option<Pfn>) -> Option<Pfn> {
        let before = self.cached();
        self.cached = frame.unwrap_or(NOT_CACHED);
        before
    }
}

/// The swap device.
#[derive(Clone, Debug)]
pub struct Swap {
    slots: Vec<Slot>,
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
        Some(self.begin(number))
    }

    /// The slot of a number that was just handed out, with one reference.
    #[inline]
    fn begin(&mut self, number: u32) -> SwapSlot {
        if self.slots.len() <= number as usize {
            self.slots.resize(number as usize + 1, FREE);
        }
        self.slots[number as usize].count = 1;
        self.changed.note(SwapSlot(number));
        SwapSlot(number)
    }

    /// What a slot holds comes out, and the slot is free, once another one was taken:
    /// that one is returned as well.
    #[inline]
    pub(crate) fn exchange(&mut self, from: SwapSlot) -> Option<(Content, SwapSlot)> {
        let content = std::mem::replace(self.slot_mut(from), FREE).content;
        let number = self.numbers.exchange(from.0)?;
        Some((content, self.begin(number)))
    }

    /// Writes what comes into a slot that was just taken.
    #[inline]
    pub(crate) fn fill(&mut self, slot: SwapSlot, content: Content) {
        self.slots[slot.0 as usize].content = content;
    }

    /// Drops a reference; with the last one the slot is free, and what the swap
    /// cache held for it is returned.
    pub(crate) fn put(&mut self, slot: SwapSlot) -> Option<Pfn> {
        let entry = self.slot_mut(slot);
        entry.count -= 1;
        if entry.count > 0 {
            return None;
        }
        let cached = entry.cached();
        *entry = FREE;
        self.numbers.give_back(slot.0);
        cached
    }

    /// How many slots nobody uses.
    pub fn left(&self) -> u32 {
        self.numbers.left()
    }

    /// The slots in use.
    pub fn in_use(&self) -> impl Iterator<Item = SwapSlot> {
        let all = self.slots.iter().enumerate();
        let used = all.filter(|(_, slot)| slot.count > 0);
        used.map(|(number, _)| SwapSlot(number as u32))
    }

    pub(crate) fn get(&self, slot: SwapSlot) -> Option<&Slot> {
        let slot = self.slots.get(slot.0 as usize)?;
        (slot.count > 0).then_some(slot)
    }

    /// The slot, which must be in use.
    pub(crate) fn slot(&self, slot: SwapSlot) -> &Slot {
        self.get(slot)
            .expect("a slot that something refers to is in use")
    }

    pub(crate) fn slot_mut(&mut self, slot: SwapSlot) -> &mut Slot {
        self.changed.note(slot);
        let slot = &mut self.slots[slot.0 as usize];
        assert!(slot.count > 0, "a slot that something refers to is in use");
        slot
    }
}
