//! The swap device and the swap cache.
//!
//! A slot lives as long as something refers to it: a page-table entry, a page of
//! shared memory, or a reference in a handler's hands. While several processes
//! refer to a slot, the first one that reads it leaves the page in the swap cache,
//! so that the others pay no second read (`swap_map` and the swap cache in Linux
//! mm/swapfile.c and mm/swap_state.c).

use std::collections::HashMap;

use crate::addr::{Pfn, SwapSlot};
use crate::content::Content;
use crate::contents::{Contents, MARK_MAX};
use crate::frames::Frames;
use crate::hash::ByNumber;
use crate::journal::Journal;
use crate::rng::NumberPool;

/// The swap device.
///
/// What nearly all slots need is a page and a count of one. A large trace has a hundred
/// thousand of them, so both are in four bytes, and the rest is kept of those that have it.
#[derive(Clone, Debug)]
pub struct Swap {
    /// What is in them. The mark of a slot tells how many page-table entries, shared-memory
    /// pages and handlers refer to it, unless it is [`BUSY`]; to a slot that is free, none.
    contents: Contents,
    busy: HashMap<SwapSlot, Busy, ByNumber>,
    numbers: NumberPool,
    /// Slots that were changed.
    pub(crate) changed: Journal<SwapSlot>,
}

/// Stands for the number of references of a slot that has very many, or that the swap
/// cache has.
const BUSY: u8 = MARK_MAX;

/// With two more it would be busy.
const FEW_MAX: u8 = BUSY - 2;

/// What is to be known of a busy slot.
#[derive(Clone, Copy, Debug)]
struct Busy {
    references: u32,
    /// The frame that holds the same page: the swap cache.
    cached: Option<Pfn>,
}

impl Swap {
    pub(crate) fn new(slots: u32, seed: u64) -> Self {
        Self {
            contents: Contents::default(),
            busy: HashMap::default(),
            numbers: NumberPool::new(slots, seed),
            changed: Journal::UNREAD,
        }
    }

    /// A free slot, with one reference.
    #[inline]
    pub(crate) fn take(&mut self) -> Option<SwapSlot> {
        let number = self.numbers.take()?;
        Some(self.begin(number))
    }

    #[inline(always)]
    fn begin(&mut self, number: u32) -> SwapSlot {
        self.make_place(number);
        self.contents.put_mark(number as usize, 1);
        self.changed.note(SwapSlot(number));
        SwapSlot(number)
    }

    /// Makes a place for a slot that was allocated.
    #[inline(always)]
    fn make_place(&mut self, number: u32) {
        if self.places() <= number as usize {
            self.contents.make_places(number as usize + 1);
        }
    }

    /// Adds a reference (`swap_duplicate` in Linux mm/swapfile.c).
    #[inline]
    pub(crate) fn get(&mut self, slot: SwapSlot) {
        match self.count(slot) {
            few @ 1..=FEW_MAX => {
                self.contents.put_mark(slot.0 as usize, few + 1);
                self.changed.note(slot);
            }
            _ => {
                let Busy { references, cached } = self.in_full(slot);
                self.note(slot, references + 1, cached);
            }
        }
    }

    /// Drops a reference; with the last one the slot is free, and what the swap
    /// cache held for it is returned.
    #[inline]
    pub(crate) fn put(&mut self, slot: SwapSlot) -> Option<Pfn> {
        if let few @ 2..=FEW_MAX = self.count(slot) {
            self.contents.put_mark(slot.0 as usize, few - 1);
            self.changed.note(slot);
            return None;
        }
        let Busy { references, cached } = self.in_full(slot);
        if references > 1 {
            self.note(slot, references - 1, cached);
            return None;
        }
        self.note(slot, 0, None);
        self.contents.poison(slot.0 as usize);
        self.numbers.give_back(slot.0);
        cached
    }

    /// Puts a frame into the swap cache, or takes it out; returns the one before.
    pub(crate) fn cache(&mut self, slot: SwapSlot, frame: Option<Pfn>) -> Option<Pfn> {
        let Busy { references, cached } = self.in_full(slot);
        self.note(slot, references, frame);
        cached
    }

    /// What the swap cache holds for a slot.
    #[inline]
    pub(crate) fn cached(&self, slot: SwapSlot) -> Option<Pfn> {
        self.in_full(slot).cached
    }

    /// How many refer to a slot; none, if it is free.
    #[inline]
    pub(crate) fn references(&self, slot: SwapSlot) -> u32 {
        if slot.0 as usize >= self.places() {
            return 0;
        }
        match self.count(slot) {
            BUSY => self.busy[&slot].references,
            few => few.into(),
        }
    }

    /// Whether one thing refers to a slot, and the swap cache does not have it.
    #[inline(always)]
    pub(crate) fn has_one_user(&self, slot: SwapSlot) -> bool {
        self.count(slot) == 1
    }

    /// Copies what a slot that is in use holds into a frame.
    pub(crate) fn read(&self, slot: SwapSlot, frames: &mut Frames, into: Pfn) {
        assert!(self.count(slot) > 0, "{IN_USE}");
        frames.changed.note(into);
        let (from, to) = (slot.0 as usize, into.0 as usize);
        self.contents.copy_to(from, &mut frames.contents, to);
    }

    /// Copies what a frame holds into a slot that is in use.
    pub(crate) fn write(&mut self, slot: SwapSlot, frames: &Frames, from: Pfn) {
        assert!(self.count(slot) > 0, "{IN_USE}");
        self.changed.note(slot);
        let (from, to) = (from.0 as usize, slot.0 as usize);
        frames.contents.copy_to(from, &mut self.contents, to);
    }

    /// Takes a slot for what a frame holds, which is full of zeroes then.
    pub(crate) fn take_in(&mut self, frames: &mut Frames, pfn: Pfn) -> Option<SwapSlot> {
        let slot = self.take()?;
        let (at, frame) = (slot.0 as usize, pfn.0 as usize);
        // A slot that was free holds poison.
        self.contents.exchange(at, &mut frames.contents, frame);
        frames.contents.put(frame, Content::ZERO);
        Some(slot)
    }

    /// Takes a slot for what a frame holds, and gives it in return what a slot holds that
    /// has one reference, and is free then.
    #[inline(always)]
    pub(crate) fn exchange(
        &mut self,
        from: SwapSlot,
        frames: &mut Frames,
        pfn: Pfn,
    ) -> Option<SwapSlot> {
        let number = self.numbers.exchange(from.0)?;
        self.make_place(number);
        self.changed.note(SwapSlot(number));
        self.changed.note(from);
        // A slot that was free holds poison. The reference goes with the page.
        let (from, to) = (from.0 as usize, number as usize);
        self.contents
            .pass_on(from, to, &mut frames.contents, pfn.0 as usize);
        Some(SwapSlot(number))
    }

    /// How many slots nobody uses.
    pub fn left(&self) -> u32 {
        self.numbers.left()
    }

    /// No slot that was ever used has a number so high.
    pub(crate) fn places(&self) -> usize {
        self.contents.places()
    }

    /// The slots in use.
    pub fn in_use(&self) -> impl Iterator<Item = SwapSlot> {
        let all = (0..self.places() as u32).map(SwapSlot);
        all.filter(|&slot| self.count(slot) > 0)
    }

    #[inline(always)]
    fn count(&self, slot: SwapSlot) -> u8 {
        self.contents.mark(slot.0 as usize)
    }

    /// What there is to be known of a slot, which must be in use.
    #[inline]
    fn in_full(&self, slot: SwapSlot) -> Busy {
        match self.count(slot) {
            0 => panic!("{IN_USE}"),
            BUSY => self.busy[&slot],
            few => Busy {
                references: few.into(),
                cached: None,
            },
        }
    }

    #[inline]
    fn note(&mut self, slot: SwapSlot, references: u32, cached: Option<Pfn>) {
        self.changed.note(slot);
        let was_busy = self.count(slot) == BUSY;
        let count = match u8::try_from(references) {
            Ok(few) if few < BUSY && cached.is_none() => few,
            _ => BUSY,
        };
        self.contents.put_mark(slot.0 as usize, count);
        if count == BUSY {
            self.busy.insert(slot, Busy { references, cached });
        } else if was_busy {
            self.busy.remove(&slot);
        }
    }
}

const IN_USE: &str = "a slot that something refers to is in use";
