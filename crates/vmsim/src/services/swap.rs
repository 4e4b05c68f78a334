//! Services for the swap device and the swap cache.

use crate::addr::{Pfn, SwapSlot};
use crate::cache::{Cached, ObjectPage};
use crate::fault::OutOfMemory;
use crate::frames::Usage;
use crate::kernel::Kernel;
use crate::refs::{FrameRef, HeldKind, SlotRef};

impl Kernel {
    /// Allocates a swap slot.
    ///
    /// # Errors
    ///
    /// Every slot is in use, or the machine has none.
    #[track_caller]
    pub fn alloc_slot(&mut self) -> Result<SlotRef, OutOfMemory> {
        let slot = self.swap.take().ok_or(OutOfMemory)?;
        self.hold(HeldKind::Slot(slot));
        self.note(|| "alloc a swap slot".to_owned());
        Ok(SlotRef(slot))
    }

    /// Takes a further reference to a slot.
    #[track_caller]
    pub fn get_slot(&mut self, slot: SwapSlot) -> SlotRef {
        self.swap.get(slot);
        self.hold(HeldKind::Slot(slot));
        SlotRef(slot)
    }

    /// Gives a reference back. When none is left, the slot is free and its page
    /// leaves the swap cache.
    pub fn put_slot(&mut self, slot: SlotRef) {
        self.let_go(HeldKind::Slot(slot.0));
        self.release_slot(slot.0);
    }

    /// Writes a frame to a slot.
    #[track_caller]
    pub fn write_swap(&mut self, slot: SwapSlot, from: Pfn) {
        self.cost.disk_writes += 1;
        self.swap.write(slot, &self.frames, from);
        self.note(|| "write the page to its swap slot".to_owned());
    }

    /// Reads a slot into a frame. This is what makes a fault major.
    #[track_caller]
    pub fn read_swap(&mut self, slot: SwapSlot, into: &FrameRef) {
        self.cost.disk_reads += 1;
        self.io.swap_read = true;
        self.swap.read(slot, &mut self.frames, into.0);
        self.note(|| "read the page from its swap slot".to_owned());
    }

    /// Leaves a page in the swap cache: whoever needs the slot next finds it in
    /// this frame. The cache takes a reference of its own.
    #[track_caller]
    pub fn insert_swap_cache(&mut self, slot: SwapSlot, frame: &FrameRef) {
        let pfn = frame.0;
        if self.swap.cache(slot, Some(pfn)).is_some() {
            self.bug("the slot is in the swap cache already".to_owned());
        }
        let target = self.frames.get_mut(pfn);
        target.usage = Usage::Anon {
            exclusive: false,
            swap_cache: Some(slot),
        };
        target.count += 1;
        self.touch_frame(pfn);
        self.frames.ring.arrive(pfn);
        self.note(|| "put the page into the swap cache".to_owned());
    }

    /// Takes a slot's page out of the swap cache; the cache's reference comes out.
    #[track_caller]
    pub fn remove_swap_cache(&mut self, slot: SwapSlot) -> Option<FrameRef> {
        let pfn = self.swap.cache(slot, None)?;
        self.forget_swap_cache(pfn);
        self.hold(HeldKind::Frame(pfn));
        self.note(|| "take the page out of the swap cache".to_owned());
        Some(FrameRef(pfn))
    }

    /// Notes that a page of shared memory is in a slot now; its frame leaves the
    /// page cache. The object takes the reference to the slot over.
    #[track_caller]
    pub fn swap_object(&mut self, page: ObjectPage, slot: SlotRef) -> FrameRef {
        self.let_go(HeldKind::Slot(slot.0));
        let frame = self.remove_cache(page);
        let pages = &mut self.objects.get_mut(page.object).pages;
        pages.insert(page.index, Cached::Swapped(slot.0));
        frame
    }

    pub(crate) fn release_slot(&mut self, slot: SwapSlot) {
        if let Some(pfn) = self.swap.put(slot) {
            self.forget_swap_cache(pfn);
            self.touch_frame(pfn);
            self.frames.put(pfn);
        }
    }

    fn forget_swap_cache(&mut self, pfn: Pfn) {
        if let Usage::Anon { swap_cache, .. } = &mut self.frames.get_mut(pfn).usage {
            *swap_cache = None;
        }
    }
}
