//! The translation lookaside buffer: what a CPU remembers of the page tables.
//!
//! A TLB entry stays until somebody flushes it (Intel SDM vol. 3A, 4.10.4): the
//! hardware does not notice that the kernel changed the page table. This TLB is
//! strict: where hardware of 64 sets would drop an entry that its set has no room
//! for, this one takes more sets, so that a forgotten flush never goes unpunished by
//! luck. Entries are tagged with the address space, so that a context switch flushes
//! nothing (Intel SDM vol. 3A, 4.10.1: process-context identifiers).

use std::collections::HashMap;

use crate::addr::{TASK_SIZE, VirtAddr, Vpn};
use crate::hash::ByNumber;
use crate::journal::Journal;
use crate::pte::Pte;

const SETS: usize = 64;
const WAYS: usize = 4;

/// The number of an address space as the hardware knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Asid(pub u32);

/// A translation that a CPU remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TlbEntry {
    /// Whose page.
    pub asid: Asid,
    /// Which page.
    pub vpn: Vpn,
    /// The page-table entry as it was when the CPU read it.
    pub pte: Pte,
}

/// The TLB of one CPU.
#[derive(Clone, Debug)]
pub struct Tlb {
    /// As many as a power of two.
    sets: Vec<Set>,
    /// How many entries each set has in the overflow.
    spilled: Vec<u32>,
    /// What the sets have no room for: a few, as long as a quarter of all ways is free.
    overflow: HashMap<Tag, Pte, ByNumber>,
    /// How many each address space has.
    counts: Counts,
    /// How many there may be before there are more sets.
    room: u32,
    /// What was remembered anew, or forgotten.
    pub(crate) changed: Journal<(Asid, Vpn)>,
}

/// Address space and page in one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Tag(u64);

/// Bits of the number of a page that a program may map.
const VPN_BITS: u32 = VirtAddr(TASK_SIZE).page().0.ilog2() + 1;

/// The entries among which one is looked for, side by side: one line of a real cache.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Set {
    tags: [Tag; WAYS],
    ptes: [Pte; WAYS],
}

const EMPTY: Set = Set {
    tags: [Tag::NONE; WAYS],
    ptes: [Pte::NONE; WAYS],
};

impl Asid {
    /// The highest number that an address space can have.
    pub(crate) const MAX: Asid = Asid(u32::MAX >> (VPN_BITS - 32));
}

impl Tag {
    /// The tag of no page.
    const NONE: Tag = Tag(u64::MAX);

    #[inline]
    fn of(asid: Asid, vpn: Vpn) -> Self {
        Tag(u64::from(asid.0) << VPN_BITS | vpn.0)
    }

    fn asid(self) -> Asid {
        Asid((self.0 >> VPN_BITS) as u32)
    }

    fn vpn(self) -> Vpn {
        Vpn(self.0 & ((1 << VPN_BITS) - 1))
    }
}

/// How many entries each address space has: the one that ran last at hand, the others
/// if they have any.
#[derive(Clone, Debug)]
struct Counts {
    last: Asid,
    of_last: u32,
    others: HashMap<Asid, u32, ByNumber>,
    of_others: u32,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            last: Asid(0),
            of_last: 0,
            others: HashMap::default(),
            of_others: 0,
        }
    }
}

impl Counts {
    #[inline]
    fn of(&mut self, asid: Asid) -> &mut u32 {
        if asid != self.last {
            self.turn_to(asid);
        }
        &mut self.of_last
    }

    #[cold]
    fn turn_to(&mut self, asid: Asid) {
        if self.of_last > 0 {
            self.others.insert(self.last, self.of_last);
        }
        self.of_others += self.of_last;
        self.last = asid;
        self.of_last = self.others.remove(&asid).unwrap_or(0);
        self.of_others -= self.of_last;
    }

    #[inline]
    fn total(&self) -> u32 {
        self.of_last + self.of_others
    }
}

/// A quarter of all ways stays free.
fn room(sets: usize) -> u32 {
    (sets * WAYS / 4 * 3) as u32
}

impl Default for Tlb {
    fn default() -> Self {
        Self {
            sets: vec![EMPTY; SETS],
            spilled: vec![0; SETS],
            overflow: HashMap::default(),
            counts: Counts::default(),
            room: room(SETS),
            changed: Journal::UNREAD,
        }
    }
}

impl Set {
    /// A way that holds a tag; with [`Tag::NONE`], a free one. All are compared, as in
    /// hardware, and one question is asked: no processor can guess which way it will be.
    #[inline(always)]
    fn way(&self, tag: Tag) -> Option<usize> {
        let mut way = 0;
        for other in 1..WAYS {
            way = if self.tags[other] == tag { other } else { way };
        }
        (self.tags[way] == tag).then_some(way)
    }

    /// The entries, each with the way that it is in.
    fn entries(&self) -> impl Iterator<Item = (Tag, Pte)> {
        let all = self.tags.into_iter().zip(self.ptes);
        all.filter(|&(tag, _)| tag != Tag::NONE)
    }
}

impl Tlb {
    /// The entry that the CPU remembers for a page.
    #[inline(always)]
    pub fn look_up(&self, asid: Asid, vpn: Vpn) -> Option<Pte> {
        let tag = Tag::of(asid, vpn);
        let at = self.set_of(tag);
        let set = &self.sets[at];
        match set.way(tag) {
            Some(way) => Some(set.ptes[way]),
            None if self.spilled[at] == 0 => None,
            None => self.look_up_spilled(tag),
        }
    }

    #[cold]
    fn look_up_spilled(&self, tag: Tag) -> Option<Pte> {
        self.overflow.get(&tag).copied()
    }

    /// Remembers an entry of a page of which nothing is remembered.
    #[inline]
    pub(crate) fn add(&mut self, asid: Asid, vpn: Vpn, pte: Pte) {
        self.changed.note((asid, vpn));
        *self.counts.of(asid) += 1;
        self.place(Tag::of(asid, vpn), pte);
    }

    /// Remembers an entry, in place of what was remembered for that page.
    pub fn insert(&mut self, asid: Asid, vpn: Vpn, pte: Pte) {
        let tag = Tag::of(asid, vpn);
        let at = self.set_of(tag);
        if let Some(way) = self.sets[at].way(tag) {
            self.changed.note((asid, vpn));
            self.sets[at].ptes[way] = pte;
        } else if self.spilled[at] > 0 && self.overflow.contains_key(&tag) {
            self.changed.note((asid, vpn));
            self.overflow.insert(tag, pte);
        } else {
            self.add(asid, vpn, pte);
        }
    }

    /// Forgets one page (`invlpg`).
    #[inline(always)]
    pub fn invalidate(&mut self, asid: Asid, vpn: Vpn) {
        let tag = Tag::of(asid, vpn);
        let at = self.set_of(tag);
        match self.sets[at].way(tag) {
            Some(way) => self.sets[at].tags[way] = Tag::NONE,
            None if self.spilled[at] > 0 && self.remove_spilled(at, tag) => {}
            None => return,
        }
        *self.counts.of(asid) -= 1;
        self.changed.note((asid, vpn));
    }

    /// Takes out an entry that its set had no room for; false if there is none.
    #[cold]
    fn remove_spilled(&mut self, at: usize, tag: Tag) -> bool {
        let was_there = self.overflow.remove(&tag).is_some();
        self.spilled[at] -= u32::from(was_there);
        was_there
    }

    /// Forgets all pages of an address space.
    pub fn invalidate_all(&mut self, asid: Asid) {
        if *self.counts.of(asid) == 0 {
            return;
        }
        let all = self.entries().into_iter();
        for entry in all.filter(|entry| entry.asid == asid) {
            self.invalidate(asid, entry.vpn);
        }
    }

    /// Everything remembered, in an order that does not depend on chance.
    pub fn entries(&self) -> Vec<TlbEntry> {
        let overflow = self.overflow.iter().map(|(&tag, &pte)| (tag, pte));
        let in_sets = self.sets.iter().flat_map(Set::entries);
        let entry = |(tag, pte): (Tag, Pte)| TlbEntry {
            asid: tag.asid(),
            vpn: tag.vpn(),
            pte,
        };
        let mut all: Vec<_> = in_sets.chain(overflow).map(entry).collect();
        all.sort_unstable_by_key(|e| (e.asid, e.vpn));
        all
    }

    /// Neighbouring pages are in neighbouring sets, those of other address spaces
    /// elsewhere.
    #[inline]
    fn set_of(&self, tag: Tag) -> usize {
        (tag.0 ^ (tag.0 >> VPN_BITS).wrapping_mul(37)) as usize & (self.sets.len() - 1)
    }

    /// Finds a place for an entry that is in none.
    #[inline]
    fn place(&mut self, tag: Tag, pte: Pte) {
        if self.counts.total() > self.room {
            self.double();
        }
        let at = self.set_of(tag);
        match self.sets[at].way(Tag::NONE) {
            Some(way) => (self.sets[at].tags[way], self.sets[at].ptes[way]) = (tag, pte),
            None => self.spill(at, tag, pte),
        }
    }

    #[cold]
    fn spill(&mut self, at: usize, tag: Tag, pte: Pte) {
        self.spilled[at] += 1;
        self.overflow.insert(tag, pte);
    }

    #[cold]
    fn double(&mut self) {
        let twice = 2 * self.sets.len();
        self.room = room(twice);
        self.spilled = vec![0; twice];
        let sets = std::mem::replace(&mut self.sets, vec![EMPTY; twice]);
        let overflow = std::mem::take(&mut self.overflow);
        for (tag, pte) in sets.iter().flat_map(Set::entries).chain(overflow) {
            self.place(tag, pte);
        }
    }
}
