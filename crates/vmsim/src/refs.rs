//! References that must not get lost: tokens that are moved and never copied.
//!
//! A token has one way out, and the compiler sees to it that it is taken at most
//! once; the machine sees to it that it is taken at all. Using a frame twice,
//! freeing before flushing and mixing up frames and slots do not compile.

use std::panic::Location;

use crate::addr::{Pfn, SwapSlot};
use crate::kernel::Kernel;
use crate::mm::Page;
use crate::pte::Pte;

/// A reference to a frame, counted: it goes into a page table, into a cache, or
/// back with [`Kernel::put`].
#[must_use = "a frame that is neither mapped nor put back is leaked"]
#[derive(Debug)]
pub struct FrameRef(pub(crate) Pfn);

impl FrameRef {
    /// The number of the frame.
    pub fn pfn(&self) -> Pfn {
        self.0
    }
}

/// A reference to a swap slot, counted: it goes into a page table, or back with
/// [`Kernel::put_slot`].
#[must_use = "a slot that is neither mapped nor put back is leaked"]
#[derive(Debug)]
pub struct SlotRef(pub(crate) SwapSlot);

impl SlotRef {
    /// The number of the slot.
    pub fn slot(&self) -> SwapSlot {
        self.0
    }
}

/// What a page-table entry referred to before it was changed.
#[must_use = "what an entry held must be put back"]
#[derive(Debug)]
pub enum Old {
    /// Nothing that is counted.
    Nothing,
    /// A frame.
    Frame {
        /// The entry's reference.
        frame: FrameRef,
        /// The hardware's D bit: the page was written through this entry.
        dirty: bool,
    },
    /// A swap slot.
    Slot(SlotRef),
}

/// A change of a page-table entry that the TLBs do not know of yet.
///
/// The frame that the entry held comes out only when the TLBs are dealt with: as
/// long as a TLB remembers it, it is in use.
#[must_use = "the TLBs may still remember the old entry"]
#[derive(Debug)]
pub struct Change {
    pub(crate) page: Page,
    /// The entry as it was.
    pub(crate) before: Pte,
    pub(crate) old: Old,
}

impl Change {
    /// Makes the CPU that runs this forget the page (`invlpg`). The other CPUs go
    /// on with the old entry.
    #[track_caller]
    pub fn flush_local(self, k: &mut Kernel) -> Old {
        k.flush_here(self.page, self.before);
        self.old
    }

    /// Makes all CPUs that ran the process forget the page: the others are
    /// interrupted for it, which costs thousands of cycles (`flush_tlb_page` in
    /// Linux arch/x86/mm/tlb.c).
    #[track_caller]
    pub fn shoot_down(self, k: &mut Kernel) -> Old {
        k.flush_everywhere(self.page, self.before);
        self.old
    }

    /// Claims that the change takes no right away: a stale entry refuses at worst
    /// what is allowed now, and the fault that follows is spurious
    /// (`ptep_set_access_flags` in Linux arch/x86/mm/pgtable.c).
    ///
    /// That goes for writes. A stale entry that refuses a fetch is taken for the
    /// program's mistake (`access_error` in Linux arch/x86/mm/fault.c; rule R3).
    #[track_caller]
    pub fn only_widens(self, k: &mut Kernel) -> Old {
        k.note(|| {
            format!(
                "no flush of {}: claimed to take nothing away",
                self.page.vpn.start()
            )
        });
        self.old
    }

    /// Claims that no TLB can remember the old entry, because it was not present:
    /// the hardware never remembers such entries (Intel SDM vol. 3A, 4.10.2.3).
    #[track_caller]
    pub fn never_cached(self, k: &mut Kernel) -> Old {
        k.note(|| {
            format!(
                "no flush of {}: claimed never cached",
                self.page.vpn.start()
            )
        });
        self.old
    }
}

/// A token that is in a handler's hands, and where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub what: HeldKind,
    pub since: &'static Location<'static>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeldKind {
    Frame(Pfn),
    Slot(SwapSlot),
}
