//! Physical memory: frames, who uses them, and how many references there are.

use std::borrow::Cow;

use crate::addr::{Pfn, SwapSlot};
use crate::cache::ObjectPage;
use crate::content::Content;
use crate::contents::Contents;
use crate::journal::Journal;
use crate::mm::Page;
use crate::ring::Ring;
use crate::rmap::Mappers;
use crate::rng::NumberPool;

/// What a frame is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// Nobody has it.
    Free,
    /// The shared zero page: read-only for everybody, for ever.
    Zero,
    /// A page of private memory.
    Anon {
        /// Its one owner may write without asking (`PageAnonExclusive` in Linux
        /// include/linux/page-flags.h).
        exclusive: bool,
        /// The slot whose page it holds, if it is in the swap cache.
        swap_cache: Option<SwapSlot>,
    },
    /// A page of a file or of shared memory, in the page cache.
    Object(ObjectPage),
}

/// What the kernel knows of a frame (`struct page` in Linux include/linux/mm_types.h).
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub usage: Usage,
    /// The pages that map it: the reverse map.
    pub mappers: Mappers,
    /// Mappings, caches and handlers that hold it.
    pub count: u32,
}

/// All frames of user memory.
#[derive(Clone, Debug)]
pub struct Frames {
    frames: Vec<Frame>,
    /// What is in them: apart, because that is all that a hit needs.
    pub(crate) contents: Contents,
    /// Whether an entry that maps the frame may have its A bit set. Reclaim asks that of one
    /// frame after another, and nobody can guess the answer: a byte is at hand sooner than
    /// an entry of a large page table.
    young: Vec<bool>,
    /// Their numbers in the log, from when they are first named until they are allocated
    /// anew; as far as any has one.
    names: Vec<Option<u32>>,
    numbers: NumberPool,
    limit: u32,
    /// Those that came into use.
    pub(crate) ring: Ring,
    /// Frames that were changed.
    pub(crate) changed: Journal<Pfn>,
}

/// The frame that holds the shared zero page. It is not one of the machine's
/// `frames=N`.
pub const ZERO_PAGE: Pfn = Pfn(0);

const UNUSED: Frame = Frame {
    usage: Usage::Free,
    mappers: Mappers::None,
    count: 0,
};

/// The usage of a frame that was just allocated.
const OWN: Usage = Usage::Anon {
    exclusive: true,
    swap_cache: None,
};

impl Frames {
    pub(crate) fn new(limit: u32, seed: u64) -> Self {
        let zero = Frame {
            usage: Usage::Zero,
            count: 1,
            ..UNUSED
        };
        let mut contents = Contents::default();
        contents.make_places(1);
        contents.put(0, Content::ZERO);
        Self {
            frames: vec![zero],
            contents,
            young: vec![false],
            names: Vec::new(),
            numbers: NumberPool::new(limit, seed),
            limit,
            ring: Ring::new(),
            changed: Journal::UNREAD,
        }
    }

    /// A free frame, with one reference and full of poison.
    pub(crate) fn take(&mut self) -> Option<Pfn> {
        let pfn = Pfn(self.numbers.take()? + 1);
        if self.frames.len() <= pfn.0 as usize {
            self.frames.resize(pfn.0 as usize + 1, UNUSED);
            self.contents.make_places(pfn.0 as usize + 1);
            self.young.resize(pfn.0 as usize + 1, false);
        }
        *self.get_mut(pfn) = Frame {
            usage: OWN,
            count: 1,
            ..UNUSED
        };
        self.young[pfn.0 as usize] = false;
        self.forget_name(pfn);
        self.ring.make_place(pfn);
        Some(pfn)
    }

    /// Gives a frame that one page maps to another page, as if it had been free in
    /// between. The clock's hand has just passed it, so it stays where it is in the ring.
    /// What it holds is the caller's to exchange.
    #[inline]
    pub(crate) fn trade(&mut self, pfn: Pfn, page: Page) {
        self.forget_name(pfn);
        self.ring.renew(pfn);
        let frame = self.get_mut(pfn);
        frame.usage = OWN;
        frame.mappers = Mappers::one(page);
    }

    /// Drops a reference; the frame is free when none is left.
    pub(crate) fn put(&mut self, pfn: Pfn) {
        if pfn == ZERO_PAGE {
            return;
        }
        let frame = self.get_mut(pfn);
        frame.count = frame.count.saturating_sub(1);
        if frame.count == 0 {
            frame.usage = Usage::Free;
            self.contents.poison(pfn.0 as usize);
            self.ring.leave(pfn);
            self.numbers.give_back(pfn.0 - 1);
        }
    }

    /// How many frames nobody has.
    pub fn left(&self) -> u32 {
        self.numbers.left()
    }

    /// How many frames somebody has.
    pub fn used(&self) -> u32 {
        self.limit - self.numbers.left()
    }

    /// The frames in use, the zero page left out.
    pub fn in_use(&self) -> impl Iterator<Item = Pfn> {
        let used = self
            .frames
            .iter()
            .enumerate()
            .skip(1)
            .filter(|(_, f)| f.count > 0);
        used.map(|(number, _)| Pfn(number as u32))
    }

    #[inline]
    pub(crate) fn get(&self, pfn: Pfn) -> &Frame {
        &self.frames[pfn.0 as usize]
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, pfn: Pfn) -> &mut Frame {
        self.changed.note(pfn);
        &mut self.frames[pfn.0 as usize]
    }

    /// What a frame holds.
    pub(crate) fn content(&self, pfn: Pfn) -> Cow<'_, Content> {
        self.contents.get(pfn.0 as usize)
    }

    /// `len` bytes of a frame from `offset` on ([`Content::load`]).
    #[inline]
    pub(crate) fn load(&self, pfn: Pfn, offset: u16, len: u16) -> u64 {
        self.contents.load(pfn.0 as usize, offset, len)
    }

    /// Puts something else into a frame.
    pub(crate) fn fill(&mut self, pfn: Pfn, content: Content) {
        self.changed.note(pfn);
        self.contents.put(pfn.0 as usize, content);
    }

    /// A frame to write into, whatever it holds.
    pub(crate) fn content_mut(&mut self, pfn: Pfn) -> &mut Content {
        self.changed.note(pfn);
        self.contents.in_full(pfn.0 as usize)
    }

    /// Stores `len` bytes of a value in a frame ([`Content::store`]).
    #[inline(always)]
    pub(crate) fn store(&mut self, pfn: Pfn, offset: u16, len: u16, value: u64) {
        self.changed.note(pfn);
        self.contents.store(pfn.0 as usize, offset, len, value);
    }

    /// Copies what a frame holds into another one.
    pub(crate) fn copy(&mut self, from: Pfn, to: Pfn) {
        self.changed.note(to);
        self.contents.copy(from.0 as usize, to.0 as usize);
    }

    /// An entry that maps the frame has its A bit set now.
    #[inline]
    pub(crate) fn note_use(&mut self, pfn: Pfn) {
        self.young[pfn.0 as usize] = true;
    }

    /// No entry that maps the frame has its A bit set any more. Returns whether one may
    /// have had it.
    #[inline]
    pub(crate) fn forget_use(&mut self, pfn: Pfn) -> bool {
        std::mem::replace(&mut self.young[pfn.0 as usize], false)
    }

    /// Its number in the log, if it has one.
    pub(crate) fn name(&self, pfn: Pfn) -> Option<u32> {
        self.names.get(pfn.0 as usize).copied().flatten()
    }

    #[inline]
    fn forget_name(&mut self, pfn: Pfn) {
        if let Some(name) = self.names.get_mut(pfn.0 as usize) {
            *name = None;
        }
    }

    pub(crate) fn name_mut(&mut self, pfn: Pfn) -> &mut Option<u32> {
        self.changed.note(pfn);
        if self.names.len() <= pfn.0 as usize {
            self.names.resize(self.frames.len(), None);
        }
        &mut self.names[pfn.0 as usize]
    }

    /// Puts the frames that came into use in this fault at the end of the ring: those
    /// of the page cache and the swap cache before private copies of them, in whatever
    /// order a handler has used them.
    #[inline]
    pub(crate) fn settle_ring(&mut self) {
        match *self.ring.arriving() {
            [] => {}
            [pfn] => self.ring.settle_one(pfn),
            _ => drop(self.settle_all()),
        }
    }

    /// The same; returns the frames, in their order.
    pub(crate) fn settle_all(&mut self) -> Vec<Pfn> {
        let frames = &self.frames;
        let is_private = |pfn: Pfn| match frames[pfn.0 as usize].usage {
            Usage::Anon { swap_cache, .. } => swap_cache.is_none(),
            Usage::Object(_) => false,
            Usage::Free | Usage::Zero => true,
        };
        self.ring.settle(is_private)
    }
}
