//! The ring in which reclaim looks for victims: the frames in the order in which they
//! came into use, and a hand that goes round them.

use crate::addr::Pfn;
use crate::frames::ZERO_PAGE;
use crate::journal::Journal;
use crate::replacement::Move;

/// The frames that came into use and are still in use.
#[derive(Clone, Debug)]
pub(crate) struct Ring {
    /// Where each frame stands, by its number.
    places: Vec<Place>,
    hand: Option<Pfn>,
    size: u32,
    /// Frames that came into use in the current fault: not in the ring yet.
    arriving: Vec<Pfn>,
    /// Frames that have come into use since the start.
    arrivals: u64,
    /// Frames that entered the ring and left it, for a policy.
    moves: Journal<Move>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    previous: Pfn,
    /// The next frame, [`OUTSIDE`] or [`ARRIVING`].
    next: Pfn,
    /// How many frames had come into use before, when this one entered the ring.
    came_in: u64,
}

/// The neighbour of a frame that is not in the ring: the zero page never is.
const OUTSIDE: Pfn = ZERO_PAGE;

/// The neighbour of a frame that came into use in the current fault: no frame.
const ARRIVING: Pfn = Pfn(u32::MAX);

const NOWHERE: Place = Place {
    previous: OUTSIDE,
    next: OUTSIDE,
    came_in: 0,
};

impl Ring {
    /// No frame; there is a place for the zero page, which it never takes.
    pub fn new() -> Self {
        Self {
            places: vec![NOWHERE],
            hand: None,
            size: 0,
            arriving: Vec::new(),
            arrivals: 0,
            moves: Journal::UNREAD,
        }
    }

    /// Makes a place for a frame that was allocated.
    #[inline]
    pub fn make_place(&mut self, pfn: Pfn) {
        if self.places.len() <= pfn.0 as usize {
            self.places.resize(pfn.0 as usize + 1, NOWHERE);
        }
        *self.place_mut(pfn) = NOWHERE;
    }

    /// How many frames are in the ring.
    pub fn size(&self) -> u32 {
        self.size
    }

    /// How many frames had come into use before, when this one did.
    pub fn came_in(&self, pfn: Pfn) -> u64 {
        self.place(pfn).came_in
    }

    /// The frame under the hand; the hand moves on to the next.
    #[inline]
    pub fn advance(&mut self) -> Option<Pfn> {
        let (pfn, next) = self.at_hand()?;
        self.move_hand(next);
        Some(pfn)
    }

    /// Lets a frame that came into use enter when the fault is over.
    #[inline]
    pub fn arrive(&mut self, pfn: Pfn) {
        let place = self.place_mut(pfn);
        if place.next == OUTSIDE && pfn != ZERO_PAGE {
            place.next = ARRIVING;
            self.arriving.push(pfn);
        }
    }

    /// Frames that came into use in this fault, and are not in the ring yet.
    #[inline]
    pub fn arriving(&self) -> &[Pfn] {
        &self.arriving
    }

    /// Puts the frame that came into use in this fault at the end, if there is but one.
    #[inline]
    pub fn settle_one(&mut self, pfn: Pfn) {
        self.link(pfn);
        self.arriving.clear();
    }

    /// Puts all frames that came into use in this fault at the end, in the order of a
    /// key; returns them.
    pub fn settle<K: Ord>(&mut self, key: impl Fn(Pfn) -> K) -> Vec<Pfn> {
        let mut arriving = std::mem::take(&mut self.arriving);
        arriving.sort_by_key(|&pfn| key(pfn));
        for &pfn in &arriving {
            self.link(pfn);
        }
        arriving
    }

    /// Takes frames of a fault that is not over out again. What came in before a
    /// handler's last eviction is not to stand before what that one spared.
    pub fn unsettle(&mut self, arriving: Vec<Pfn>) {
        for pfn in arriving {
            if self.is_in(pfn) {
                self.leave(pfn);
                self.arrive(pfn);
            }
        }
    }

    /// The frame under the hand, and the next.
    #[inline]
    pub fn at_hand(&self) -> Option<(Pfn, Pfn)> {
        let pfn = self.hand?;
        Some((pfn, self.place(pfn).next))
    }

    /// Moves the hand on, to the frame after the one under it.
    #[inline]
    pub fn move_hand(&mut self, next: Pfn) {
        self.hand = Some(next);
    }

    /// Takes out the frame that the hand has just passed, and lets it come in again: that
    /// is where it was.
    #[inline]
    pub fn renew(&mut self, pfn: Pfn) {
        let came_in = self.arrivals;
        self.place_mut(pfn).came_in = came_in;
        self.arrivals += 1;
        self.moves.note(Move::Out(pfn));
        self.moves.note(Move::In(pfn, came_in));
    }

    /// Takes a frame out, wherever it is.
    #[inline]
    pub fn leave(&mut self, pfn: Pfn) {
        let place = self.place_mut(pfn);
        let (previous, next) = (place.previous, place.next);
        (place.previous, place.next) = (OUTSIDE, OUTSIDE);
        match next {
            OUTSIDE => {}
            ARRIVING => self.arriving.retain(|&arriving| arriving != pfn),
            _ => self.unlink(pfn, previous, next),
        }
    }

    /// What entered and left since this was last asked; the first time, everything that
    /// is here, in the order in which it came.
    pub fn take_moves(&mut self) -> Vec<Move> {
        if !self.moves.is_read() {
            let all = (0..self.places.len() as u32).map(Pfn);
            let mut ring: Vec<Pfn> = all.filter(|&pfn| self.is_in(pfn)).collect();
            ring.sort_by_key(|&pfn| self.came_in(pfn));
            let moves = ring.into_iter().map(|pfn| Move::In(pfn, self.came_in(pfn)));
            let moves = moves.collect::<Vec<_>>();
            self.moves.begin(moves);
        }
        self.moves.take()
    }

    #[inline]
    fn link(&mut self, pfn: Pfn) {
        let (previous, next) = match self.hand {
            None => (pfn, pfn),
            Some(hand) => (self.place(hand).previous, hand),
        };
        let came_in = self.arrivals;
        *self.place_mut(pfn) = Place {
            previous,
            next,
            came_in,
        };
        self.place_mut(previous).next = pfn;
        self.place_mut(next).previous = pfn;
        self.moves.note(Move::In(pfn, came_in));
        self.hand = self.hand.or(Some(pfn));
        self.size += 1;
        self.arrivals += 1;
    }

    #[inline]
    fn unlink(&mut self, pfn: Pfn, previous: Pfn, next: Pfn) {
        self.size -= 1;
        self.moves.note(Move::Out(pfn));
        if self.hand == Some(pfn) {
            self.hand = (next != pfn).then_some(next);
        }
        if next != pfn {
            self.place_mut(previous).next = next;
            self.place_mut(next).previous = previous;
        }
    }

    fn is_in(&self, pfn: Pfn) -> bool {
        !matches!(self.place(pfn).next, OUTSIDE | ARRIVING)
    }

    #[inline]
    fn place(&self, pfn: Pfn) -> &Place {
        &self.places[pfn.0 as usize]
    }

    #[inline]
    fn place_mut(&mut self, pfn: Pfn) -> &mut Place {
        &mut self.places[pfn.0 as usize]
    }
}
