//! The translation lookaside buffer: what a CPU remembers of the page tables.
//!
//! A TLB entry stays until somebody flushes it (Intel SDM vol. 3A, 4.10.4): the
//! hardware does not notice that the kernel changed the page table. This TLB is
//! strict: besides its 64 sets of 4 ways it keeps every entry that the sets had
//! no room for, so that a forgotten flush never goes unpunished by luck.
//! Entries are tagged with the address space, so that a context switch flushes
//! nothing (Intel SDM vol. 3A, 4.10.1: process-context identifiers).

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::addr::Vpn;
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
    sets: Vec<[Option<TlbEntry>; WAYS]>,
    next_way: Vec<u8>,
    overflow: HashMap<(Asid, Vpn), Pte, BuildHasherDefault<PageHasher>>,
    /// What was remembered anew, or forgotten.
    pub(crate) changed: Journal<(Asid, Vpn)>,
}

impl Default for Tlb {
    fn default() -> Self {
        Self {
            sets: vec![[None; WAYS]; SETS],
            next_way: vec![0; SETS],
            overflow: HashMap::default(),
            changed: Journal::UNREAD,
        }
    }
}

impl Tlb {
    /// The entry that the CPU remembers for a page.
    pub fn look_up(&self, asid: Asid, vpn: Vpn) -> Option<Pte> {
        let set = &self.sets[set_of(asid, vpn)];
        let way = set
            .iter()
            .flatten()
            .find(|e| e.vpn == vpn && e.asid == asid);
        match way {
            Some(entry) => Some(entry.pte),
            None if self.overflow.is_empty() => None,
            None => self.overflow.get(&(asid, vpn)).copied(),
        }
    }

    /// Remembers an entry, in place of what was remembered for that page.
    pub fn insert(&mut self, asid: Asid, vpn: Vpn, pte: Pte) {
        self.invalidate(asid, vpn);
        self.changed.note((asid, vpn));
        let at = set_of(asid, vpn);
        let way = usize::from(self.next_way[at]);
        self.next_way[at] = ((way + 1) % WAYS) as u8;
        if let Some(old) = self.sets[at][way].replace(TlbEntry { asid, vpn, pte }) {
            self.overflow.insert((old.asid, old.vpn), old.pte);
        }
    }

    /// Forgets one page (`invlpg`).
    pub fn invalidate(&mut self, asid: Asid, vpn: Vpn) {
        for way in &mut self.sets[set_of(asid, vpn)] {
            if way.is_some_and(|e| e.vpn == vpn && e.asid == asid) {
                *way = None;
                self.changed.note((asid, vpn));
            }
        }
        if !self.overflow.is_empty() && self.overflow.remove(&(asid, vpn)).is_some() {
            self.changed.note((asid, vpn));
        }
    }

    /// Forgets all pages of an address space.
    pub fn invalidate_all(&mut self, asid: Asid) {
        for way in self.sets.iter_mut().flatten() {
            if let Some(gone) = way.take_if(|e| e.asid == asid) {
                self.changed.note((asid, gone.vpn));
            }
        }
        let changed = &mut self.changed;
        self.overflow.retain(|&(whose, vpn), _| {
            if whose == asid {
                changed.note((asid, vpn));
            }
            whose != asid
        });
    }

    /// Everything remembered, in an order that does not depend on chance.
    pub fn entries(&self) -> Vec<TlbEntry> {
        let overflow = self
            .overflow
            .iter()
            .map(|(&(asid, vpn), &pte)| TlbEntry { asid, vpn, pte });
        let mut all: Vec<_> = self
            .sets
            .iter()
            .flatten()
            .flatten()
            .copied()
            .chain(overflow)
            .collect();
        all.sort_by_key(|e| (e.asid, e.vpn));
        all
    }
}

fn set_of(asid: Asid, vpn: Vpn) -> usize {
    (vpn.0 as usize ^ (asid.0 as usize).wrapping_mul(37)) % SETS
}

/// Mixes the numbers of a page by a multiplication (Knuth, The Art of Computer
/// Programming, vol. 3, 6.4). The usual hasher is ten times slower, for a defence
/// against chosen keys that a simulated TLB does not need.
#[derive(Clone, Copy, Default)]
struct PageHasher(u64);

/// 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for PageHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(byte.into());
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(GOLDEN);
    }

    /// The best mixed bits of a product are its upper ones.
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}
