//! Services for frames: allocate, fill, count.

use crate::addr::Pfn;
use crate::content::Content;
use crate::fault::OutOfMemory;
use crate::frames::{Usage, ZERO_PAGE};
use crate::kernel::Kernel;
use crate::reclaim;
use crate::refs::{FrameRef, Held, HeldKind, Old};

impl Kernel {
    /// Allocates a frame for private memory. It is full of poison: whoever maps
    /// it must have filled it.
    ///
    /// When no frame is free, another page is evicted first. It may be any page
    /// whose frame nobody [holds](Kernel::get).
    ///
    /// # Errors
    ///
    /// No frame is free, and nothing can be evicted.
    #[track_caller]
    pub fn alloc(&mut self) -> Result<FrameRef, OutOfMemory> {
        let caller = std::panic::Location::caller();
        if self.frames.left() == 0 {
            reclaim::make_room(self)?;
        }
        let pfn = self.frames.take().ok_or(OutOfMemory)?;
        self.touch_frame(pfn);
        self.held.push(Held {
            what: HeldKind::Frame(pfn),
            since: caller,
        });
        self.note(|| "alloc a frame, full of poison".to_owned());
        Ok(FrameRef(pfn))
    }

    /// Fills a frame with zeroes (`clear_highpage` in Linux include/linux/highmem.h).
    #[track_caller]
    pub fn zero(&mut self, frame: &FrameRef) {
        self.refuse_zero_page(frame.0, "zeroed");
        self.cost.zeroed += 1;
        self.frames.fill(frame.0, Content::ZERO);
        self.note(|| "zero the frame".to_owned());
    }

    /// Copies all bytes of one frame into another (`copy_mc_user_highpage` in
    /// Linux include/linux/highmem.h).
    #[track_caller]
    pub fn copy(&mut self, from: &FrameRef, to: &FrameRef) {
        self.refuse_zero_page(to.0, "overwritten");
        self.cost.copied += 1;
        self.io.copied = true;
        self.frames.copy(from.0, to.0);
        self.note(|| "copy the page, RAM to RAM".to_owned());
    }

    /// Takes a further reference to a frame: it cannot be evicted or freed while
    /// it is held.
    #[track_caller]
    pub fn get(&mut self, pfn: Pfn) -> FrameRef {
        if self.frames.get(pfn).count == 0 {
            self.bug("a frame that is free was taken".to_owned());
        }
        if pfn != ZERO_PAGE {
            self.frames.get_mut(pfn).count += 1;
        }
        self.touch_frame(pfn);
        self.hold(HeldKind::Frame(pfn));
        FrameRef(pfn)
    }

    /// The shared zero page.
    #[track_caller]
    pub fn zero_page(&mut self) -> FrameRef {
        self.get(ZERO_PAGE)
    }

    /// Gives a reference back. The frame is free when none is left.
    pub fn put(&mut self, frame: FrameRef) {
        self.let_go(HeldKind::Frame(frame.0));
        self.touch_frame(frame.0);
        self.frames.put(frame.0);
    }

    /// Gives back what an entry held, frame or slot.
    #[track_caller]
    pub fn put_old(&mut self, old: Old) {
        match old {
            Old::Nothing => {}
            Old::Frame { frame, .. } => {
                self.note(|| "put back the frame that the entry held".to_owned());
                self.put(frame);
            }
            Old::Slot(slot) => {
                self.note(|| "put back the swap slot that the entry held".to_owned());
                self.put_slot(slot);
            }
        }
    }

    /// Notes that a frame of private memory has one owner, who may write it
    /// without asking (`SetPageAnonExclusive` in Linux).
    #[track_caller]
    pub fn mark_exclusive(&mut self, pfn: Pfn) {
        self.set_exclusive(pfn, true);
    }

    /// Notes that a frame of private memory has several owners.
    #[track_caller]
    pub fn mark_shared(&mut self, pfn: Pfn) {
        self.set_exclusive(pfn, false);
    }

    #[track_caller]
    fn set_exclusive(&mut self, pfn: Pfn, value: bool) {
        match &mut self.frames.get_mut(pfn).usage {
            Usage::Anon { exclusive, .. } => *exclusive = value,
            _ => self.bug("only a frame of private memory has an owner".to_owned()),
        }
        let owners = if value { "one owner" } else { "several owners" };
        self.note(|| format!("mark the frame: {owners}"));
    }

    #[track_caller]
    fn refuse_zero_page(&self, pfn: Pfn, verb: &str) {
        if pfn == ZERO_PAGE {
            self.bug(format!("the shared zero page must not be {verb}"));
        }
    }
}
