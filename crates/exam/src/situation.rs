//! Situations: what is worth being seen once.
//!
//! Some mistakes nobody has thought of yet. A trace can be chosen for them all the same: a
//! wrong kernel is wrong in some situation, and somebody must look at what it left.
//! So a [`Situation`] is either one that a hole was called in, or a later look at
//! what a hole has left: by the same process or another one, on the same CPU or
//! another one. Many different situations are worth more than many faults.

use std::cmp::Ordering;

use vmsim::addr::{PAGE_SIZE, Vpn};
use vmsim::cache::Residence;
use vmsim::event::{Advice, Growth, Op, Populate, Sharing};
use vmsim::fault::{FaultClass, SignalCode};
use vmsim::frames::Usage;
use vmsim::kernel::Kernel;
use vmsim::mm::{Entry, Mm};
use vmsim::vma::{Backing, GUARD_GAP_PAGES, Vma};

use crate::listener::Holes;

/// What is worth being seen once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Situation {
    /// Holes are called by an event that is about such a page.
    Called {
        /// Which holes.
        holes: Holes,
        /// By what.
        act: Act,
        /// The page before.
        page: PageBefore,
        /// What the machine is short of, and who else knows the page.
        around: Around,
        /// The event is about another page, and this one changed with it.
        aside: bool,
    },
    /// The same in a few words: how an access ended, and what was there before. What
    /// differs here differs in kind.
    Kind {
        /// Which holes.
        holes: Holes,
        /// What they were called by.
        act: Act,
        /// The first and the last fault that was repaired.
        faults: [Option<FaultClass>; 2],
        /// The signal in the end, and whether there are handlers for SIGSEGV and SIGBUS.
        signal: Option<(SignalCode, (bool, bool))>,
        /// There was no memory in the end.
        oom: bool,
        /// Whether the page is private, backed by an object, or of a stack.
        vma: Option<(bool, bool, bool)>,
        /// What the page table knew.
        entry: Known,
        /// Another CPU has used the page for the process.
        elsewhere: bool,
    },
    /// Somebody looks at what holes have left.
    Seen {
        /// Which holes.
        holes: Holes,
        /// What called them.
        act: Act,
        /// What they did to the page: it is in memory, in a slot, or gone.
        left: Left,
        /// The last two things that were asked for in between, as fork or mprotect: they
        /// may have made a difference.
        since: [Option<Act>; 2],
        /// What looks.
        by: Act,
        /// Viewpoint where.
        from: Viewpoint,
    },
}

/// What an event does, without its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the words of the trace language")]
pub enum Act {
    Read,
    Write,
    Exec,
    CopyIn,
    CopyOut,
    Mmap { populate: bool },
    Munmap,
    Mprotect { write: bool, none: bool },
    DontNeed,
    PageOut,
    Populate { write: bool },
    Brk,
    Fork,
    Exit,
    Msync,
    Other,
}

/// A page as it was before the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the words of the simulator")]
pub struct PageBefore {
    pub vma: Result<VmaKind, Uncovered>,
    pub entry: EntryKind,
    pub dirty: bool,
}

/// What is around a page that no VMA covers: stacks may grow there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uncovered {
    /// The next VMA above is a stack, and so far away, in pages, up to a few.
    stack_above: Option<u8>,
    /// How the stack's size would compare with its limit.
    limit: Ordering,
    /// The next VMA below: a stack, inaccessible, or an ordinary one.
    below: Option<(bool, bool)>,
    /// How the gap to it would compare with the one that must stay free.
    gap: Ordering,
}

/// What stands behind a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the words of the simulator")]
pub struct VmaKind {
    pub write: bool,
    pub exec: bool,
    pub none: bool,
    pub private: bool,
    pub backed: bool,
    pub stack: bool,
}

/// What is known of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the words of the simulator")]
pub enum EntryKind {
    Never,
    PastEnd,
    OnDisk,
    Missing,
    SwappedObject,
    Cached {
        dirty: bool,
        mapped: Few,
    },
    Zero,
    Anon {
        writable: bool,
        exclusive: bool,
        cached: bool,
        owners: Few,
    },
    Object {
        writable: bool,
        dirty: bool,
        mapped: Few,
    },
    Swapped {
        cached: bool,
        users: Few,
    },
}

/// What a page table knows of a page, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the words of the simulator")]
pub enum Known {
    Nothing,
    Zero,
    Own,
    Shared,
    Object,
    Slot,
}

/// None, one, two, or many: nobody counts further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Few(u8);

impl PageBefore {
    /// A page of a process as it is now.
    pub(crate) fn of(kernel: &Kernel, mm: Mm<'_>, vpn: Vpn) -> Self {
        let vma = mm.vma(vpn.start());
        Self {
            vma: vma.map(vma_kind).ok_or_else(|| uncovered(mm, vpn)),
            entry: entry_kind(kernel, mm, vpn),
            dirty: mm.pte(vpn).dirty(),
        }
    }
}

impl EntryKind {
    /// In a word.
    pub(crate) fn known(self) -> Known {
        match self {
            EntryKind::Zero => Known::Zero,
            EntryKind::Anon {
                exclusive: true, ..
            } => Known::Own,
            EntryKind::Anon { .. } => Known::Shared,
            EntryKind::Object { .. } => Known::Object,
            EntryKind::Swapped { .. } => Known::Slot,
            _ => Known::Nothing,
        }
    }
}

impl Few {
    fn of(count: usize) -> Self {
        Self(count.min(3) as u8)
    }
}

/// What is around an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Around {
    /// This CPU has used the page for the process, and another one has.
    pub(crate) here: bool,
    pub(crate) elsewhere: bool,
    /// No frame is free.
    pub(crate) full: bool,
    /// The event does not start at the start of the page.
    pub(crate) inside: bool,
    /// It crosses into the next page.
    pub(crate) crossing: bool,
    /// The process has handlers for SIGSEGV and SIGBUS.
    pub(crate) handlers: (bool, bool),
    /// Others map the frame with other rights.
    pub(crate) mixed: bool,
}

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "words")]
pub enum Left {
    Mapped { writable: bool },
    Zero,
    Swapped,
    Gone,
}

/// Where somebody looks from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Viewpoint {
    /// By another process.
    pub(crate) other_process: bool,
    /// On another CPU.
    pub(crate) other_cpu: bool,
    /// By a fault.
    pub(crate) faults: bool,
}

impl Situation {
    /// How much it is worth to meet it: what differs in kind more than what differs in
    /// detail.
    pub fn worth(&self) -> usize {
        match self {
            Situation::Kind { .. } => 10,
            Situation::Called { .. } | Situation::Seen { .. } => 2,
        }
    }
}

fn uncovered(mm: Mm<'_>, vpn: Vpn) -> Uncovered {
    let above = mm.vmas().at_or_above(vpn);
    let stack = above.filter(|vma| vma.growth == Growth::Down);
    let below = mm.vmas().below(vpn);
    Uncovered {
        stack_above: stack.map(|stack| (stack.start.0 - vpn.0).min(4) as u8),
        limit: stack
            .map_or(0, |stack| (stack.end.0 - vpn.0) * PAGE_SIZE)
            .cmp(&mm.stack_limit()),
        below: below.map(|vma| (vma.growth == Growth::Down, vma.prot.is_none())),
        gap: below
            .map_or(GUARD_GAP_PAGES, |vma| vpn.0 - vma.end.0)
            .cmp(&GUARD_GAP_PAGES),
    }
}

fn vma_kind(vma: &Vma) -> VmaKind {
    VmaKind {
        write: vma.prot.write(),
        exec: vma.prot.exec(),
        none: vma.prot.is_none(),
        private: vma.sharing == Sharing::Private,
        backed: vma.backing != Backing::Anonymous,
        stack: vma.growth == Growth::Down,
    }
}

/// The bytes that an event is about.
pub(crate) fn len(op: &Op) -> u64 {
    match *op {
        Op::Mmap { len, .. }
        | Op::Munmap { len, .. }
        | Op::Mprotect { len, .. }
        | Op::Madvise { len, .. }
        | Op::Msync { len, .. } => len,
        Op::Read { size, .. }
        | Op::Write { size, .. }
        | Op::CopyIn { size, .. }
        | Op::CopyOut { size, .. } => u64::from(size),
        _ => 1,
    }
}

impl Act {
    /// What an event does.
    pub(crate) fn of(op: &Op) -> Act {
        match op {
            Op::Read { .. } => Act::Read,
            Op::Write { .. } => Act::Write,
            Op::Exec { .. } => Act::Exec,
            Op::CopyIn { .. } => Act::CopyIn,
            Op::CopyOut { .. } => Act::CopyOut,
            Op::Mmap { map, .. } => Act::Mmap {
                populate: map.populate == Populate::Now,
            },
            Op::Munmap { .. } => Act::Munmap,
            Op::Mprotect { prot, .. } => Act::Mprotect {
                write: prot.write(),
                none: prot.is_none(),
            },
            Op::Madvise { advice, .. } => match advice {
                Advice::DontNeed => Act::DontNeed,
                Advice::PageOut => Act::PageOut,
                Advice::PopulateRead => Act::Populate { write: false },
                Advice::PopulateWrite => Act::Populate { write: true },
                Advice::WillNeed => Act::Other,
            },
            Op::Brk { .. } => Act::Brk,
            Op::Fork { .. } => Act::Fork,
            Op::Exit { .. } => Act::Exit,
            Op::Msync { .. } => Act::Msync,
            Op::File { .. } | Op::Load { .. } | Op::Drop { .. } | Op::Sigaction { .. } => {
                Act::Other
            }
        }
    }
}

/// What is known of a page.
fn entry_kind(kernel: &Kernel, mm: Mm<'_>, vpn: Vpn) -> EntryKind {
    let vma = mm.vma(vpn.start());
    match mm.entry(vpn) {
        Entry::None => match vma.and_then(|vma| vma.object_page(vpn)) {
            None => EntryKind::Never,
            Some(page) => match mm.residence(page) {
                Residence::PastEnd => EntryKind::PastEnd,
                Residence::OnDisk => EntryKind::OnDisk,
                Residence::Missing => EntryKind::Missing,
                Residence::Swapped(_) => EntryKind::SwappedObject,
                Residence::Cached(pfn) => EntryKind::Cached {
                    dirty: kernel.is_dirty(pfn),
                    mapped: Few::of(mm.frame(pfn).mappings),
                },
            },
        },
        Entry::Zero => EntryKind::Zero,
        Entry::Anon { pfn, writable } => {
            let frame = mm.frame(pfn);
            let (exclusive, cached) = match frame.usage {
                Usage::Anon {
                    exclusive,
                    swap_cache,
                } => (exclusive, swap_cache.is_some()),
                _ => (false, false),
            };
            EntryKind::Anon {
                writable,
                exclusive,
                cached,
                owners: Few::of(frame.mappings),
            }
        }
        Entry::Object { pfn, writable } => EntryKind::Object {
            writable,
            dirty: kernel.is_dirty(pfn),
            mapped: Few::of(mm.frame(pfn).mappings),
        },
        Entry::Swapped(slot) => EntryKind::Swapped {
            cached: mm.swap_cached(slot).is_some(),
            users: Few::of(mm.slot_users(slot) as usize),
        },
    }
}
