//! Physical memory: frames, who uses them, and how many references there are.

use crate::addr::{Pfn, SwapSlot};
use crate::cache::ObjectPage;
use crate::content::Content;
use crate::journal::Journal;
use crate::replacement::Move;
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

/// What the kernel knows of a frame (`struct page` in Linux include/linux/mm_types.h, of
/// the same size: reclaim looks at thousands of them, a line of the real cache each).
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(crate) struct Frame {
    pub usage: Usage,
    /// Mappings, caches and handlers that hold it.
    pub count: u32,
    /// The pages that map it: the reverse map.
    pub mappers: Mappers,
    /// Its neighbours in the ring; [`OUTSIDE`] if it is not there.
    previous: Pfn,
    next: Pfn,
    /// Whether it came into use in the current fault, and is not in the ring yet.
    arriving: bool,
}

/// What a frame holds, and what else lasts as long as its page.
#[derive(Clone, Debug)]
#[repr(align(32))]
struct Held {
    content: Content,
    /// Its number in the log, from when it is first named until it is allocated anew.
    name: Option<u32>,
    /// How many frames had come into use before, when it entered the ring.
    came_in: u64,
}

/// The neighbour of a frame that is not in the ring: the zero page never is.
const OUTSIDE: Pfn = ZERO_PAGE;

/// All frames of user memory, and the ring in which reclaim looks for victims.
#[derive(Clone, Debug)]
pub struct Frames {
    frames: Vec<Frame>,
    held: Vec<Held>,
    numbers: NumberPool,
    limit: u32,
    hand: Option<Pfn>,
    ring_size: u32,
    /// Frames that came into use in the current fault: not in the ring yet.
    arriving: Vec<Pfn>,
    /// Frames that have come into use since the start.
    arrivals: u64,
    /// Frames that were changed.
    pub(crate) changed: Journal<Pfn>,
    /// Frames that entered the ring and left it, for a policy.
    pub(crate) moves: Journal<Move>,
}

/// The frame that holds the shared zero page. It is not one of the machine's
/// `frames=N`.
pub const ZERO_PAGE: Pfn = Pfn(0);

const UNUSED: Frame = Frame {
    usage: Usage::Free,
    count: 0,
    mappers: Mappers::None,
    previous: OUTSIDE,
    next: OUTSIDE,
    arriving: false,
};

const POISON: Held = Held {
    content: Content::POISON,
    name: None,
    came_in: 0,
};

impl Frames {
    pub(crate) fn new(limit: u32, seed: u64) -> Self {
        let zero = Frame {
            usage: Usage::Zero,
            count: 1,
            ..UNUSED
        };
        let zeroes = Held {
            content: Content::ZERO,
            ..POISON
        };
        let numbers = NumberPool::new(limit, seed);
        Self {
            frames: vec![zero],
            held: vec![zeroes],
            numbers,
            limit,
            hand: None,
            ring_size: 0,
            arriving: Vec::new(),
            arrivals: 0,
            changed: Journal::UNREAD,
            moves: Journal::UNREAD,
        }
    }

    /// A free frame, with one reference and full of poison.
    pub(crate) fn take(&mut self) -> Option<Pfn> {
        let pfn = Pfn(self.numbers.take()? + 1);
        if self.frames.len() <= pfn.0 as usize {
            self.frames.resize(pfn.0 as usize + 1, UNUSED);
            self.held.resize(pfn.0 as usize + 1, POISON);
        }
        let usage = Usage::Anon {
            exclusive: true,
            swap_cache: None,
        };
        *self.get_mut(pfn) = Frame {
            usage,
            count: 1,
            ..UNUSED
        };
        self.held[pfn.0 as usize].name = None;
        self.held[pfn.0 as usize].came_in = 0;
        Some(pfn)
    }

    /// Drops a reference; the frame is free when none is left.
    pub(crate) fn put(&mut self, pfn: Pfn) {
        if pfn == ZERO_PAGE {
            return;
        }
        let frame = self.get_mut(pfn);
        frame.count = frame.count.saturating_sub(1);
        if frame.count == 0 {
            self.leave_ring(pfn);
            self.get_mut(pfn).usage = Usage::Free;
            self.held[pfn.0 as usize].content = Content::POISON;
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

    pub(crate) fn content(&self, pfn: Pfn) -> &Content {
        &self.held[pfn.0 as usize].content
    }

    #[inline]
    pub(crate) fn content_mut(&mut self, pfn: Pfn) -> &mut Content {
        self.changed.note(pfn);
        &mut self.held[pfn.0 as usize].content
    }

    /// Its number in the log, if it has one.
    pub(crate) fn name(&self, pfn: Pfn) -> Option<u32> {
        self.held[pfn.0 as usize].name
    }

    pub(crate) fn name_mut(&mut self, pfn: Pfn) -> &mut Option<u32> {
        self.changed.note(pfn);
        &mut self.held[pfn.0 as usize].name
    }

    /// How many frames had come into use before, when this one did.
    pub(crate) fn came_in(&self, pfn: Pfn) -> u64 {
        self.held[pfn.0 as usize].came_in
    }

    /// The frame, to change what nobody sees who follows the machine.
    #[inline]
    fn at(&mut self, pfn: Pfn) -> &mut Frame {
        &mut self.frames[pfn.0 as usize]
    }

    #[inline]
    fn is_in_ring(&self, pfn: Pfn) -> bool {
        self.get(pfn).next != OUTSIDE
    }

    /// Lets a frame that came into use enter the ring when the fault is over.
    #[inline]
    pub(crate) fn enter_ring(&mut self, pfn: Pfn) {
        let frame = self.at(pfn);
        if frame.next == OUTSIDE && !frame.arriving && pfn != ZERO_PAGE {
            frame.arriving = true;
            self.arriving.push(pfn);
        }
    }

    /// Puts the frames that came into use in this fault at the end of the ring: those
    /// of the page cache and the swap cache before private copies of them, in whatever
    /// order a handler has used them.
    #[inline]
    pub(crate) fn settle_ring(&mut self) {
        match self.arriving[..] {
            [] => {}
            [pfn] => {
                self.link(pfn);
                self.arriving.clear();
            }
            _ => drop(self.settle_all()),
        }
    }

    /// Whether frames came into use in this fault that are not in the ring yet.
    pub(crate) fn has_arriving(&self) -> bool {
        !self.arriving.is_empty()
    }

    /// The same; returns the frames, in their order.
    pub(crate) fn settle_all(&mut self) -> Vec<Pfn> {
        let mut arriving = std::mem::take(&mut self.arriving);
        arriving.sort_by_key(|&pfn| !self.is_cached(pfn));
        for &pfn in &arriving {
            self.link(pfn);
        }
        arriving
    }

    /// Takes frames of a fault that is not over out of the ring again. What came in
    /// before a handler's last eviction is not to stand before what that one spared.
    pub(crate) fn unsettle_ring(&mut self, arriving: Vec<Pfn>) {
        for pfn in arriving {
            if self.is_in_ring(pfn) {
                self.leave_ring(pfn);
                self.enter_ring(pfn);
            }
        }
    }

    fn is_cached(&self, pfn: Pfn) -> bool {
        match self.get(pfn).usage {
            Usage::Anon { swap_cache, .. } => swap_cache.is_some(),
            Usage::Object(_) => true,
            Usage::Free | Usage::Zero => false,
        }
    }

    #[inline]
    fn link(&mut self, pfn: Pfn) {
        let (previous, next) = match self.hand {
            None => (pfn, pfn),
            Some(hand) => (self.get(hand).previous, hand),
        };
        let frame = self.at(pfn);
        (frame.previous, frame.next, frame.arriving) = (previous, next, false);
        self.at(previous).next = pfn;
        self.at(next).previous = pfn;
        self.held[pfn.0 as usize].came_in = self.arrivals;
        self.moves.note(Move::In(pfn, self.arrivals));
        self.hand = self.hand.or(Some(pfn));
        self.ring_size += 1;
        self.arrivals += 1;
    }

    #[inline]
    fn leave_ring(&mut self, pfn: Pfn) {
        if !self.is_in_ring(pfn) {
            if std::mem::take(&mut self.at(pfn).arriving) {
                self.arriving.retain(|&arriving| arriving != pfn);
            }
            return;
        }
        let frame = self.at(pfn);
        let (previous, next) = (frame.previous, frame.next);
        (frame.previous, frame.next) = (OUTSIDE, OUTSIDE);
        self.ring_size -= 1;
        self.moves.note(Move::Out(pfn));
        if self.hand == Some(pfn) {
            self.hand = (next != pfn).then_some(next);
        }
        if next != pfn {
            self.at(previous).next = next;
            self.at(next).previous = previous;
        }
    }

    /// The frame under the hand; the hand moves on to the next.
    #[inline]
    pub(crate) fn advance_hand(&mut self) -> Option<Pfn> {
        let pfn = self.hand?;
        self.hand = Some(self.get(pfn).next);
        Some(pfn)
    }

    /// What entered the ring and left it since this was last asked; the first time,
    /// everything that is in it, in the order in which it came.
    pub(crate) fn take_moves(&mut self) -> Vec<Move> {
        if !self.moves.is_read() {
            let mut ring = self.in_use().collect::<Vec<_>>();
            ring.retain(|&pfn| self.is_in_ring(pfn));
            ring.sort_by_key(|&pfn| self.came_in(pfn));
            let moves = ring.into_iter().map(|pfn| Move::In(pfn, self.came_in(pfn)));
            let moves = moves.collect::<Vec<_>>();
            self.moves.begin(moves);
        }
        self.moves.take()
    }

    /// How many frames are in the ring.
    pub fn ring_size(&self) -> u32 {
        self.ring_size
    }
}
