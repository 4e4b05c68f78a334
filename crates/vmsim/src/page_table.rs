//! Four-level page tables that live in simulated frames.
//!
//! ```text
//!  47     39 38     30 29     21 20     12 11          0
//! +---------+---------+---------+---------+-------------+
//! |  PGD    |  PUD    |  PMD    |  PTE    |   offset    |
//! +---------+---------+---------+---------+-------------+
//!      9         9         9         9          12  bits
//! ```
//!
//! Each level is a frame of 512 entries; an entry leads to the frame of the next
//! level (Intel SDM vol. 3A, 4.5, figure 4-8; there: PML4, PDPT, PD, PT). Tables
//! come from a pool of kernel frames. Allocating one is never a fault of its own
//! (rule R2).

use std::cell::Cell;
use std::collections::HashSet;

use crate::addr::{Pfn, Vpn};
use crate::journal::Journal;
use crate::pte::Pte;

const ENTRIES: usize = 512;

/// Names of the levels, from the root, as Linux calls them.
pub const LEVELS: [&str; 4] = ["PGD", "PUD", "PMD", "PTE"];

/// Number of the first kernel frame: page tables have numbers that no user page has.
const KERNEL_FRAMES: u32 = 1 << 24;

/// All page tables of the machine: the kernel frames that hold them.
#[derive(Clone, Debug, Default)]
pub struct PageTables {
    frames: Vec<[u64; ENTRIES]>,
    free: Vec<u32>,
    nearby: Nearby,
    /// Last-level entries that were written.
    pub(crate) written: Journal<(Root, Vpn)>,
    /// Kernel frames that were taken (true) or given back, in order.
    pub(crate) taken: Journal<(Pfn, bool)>,
}

/// Last-level tables that were found lately, by the addresses that they are for: what
/// hardware calls a paging-structure cache (Intel SDM vol. 3A, 4.10.3). Whoever wants an
/// entry goes through the upper levels only if its table is not here. A table stays where
/// it is for as long as its process lives, so nobody can see a difference; the kernel,
/// which looks at the same two or three entries a dozen times in a fault, asks here as well.
#[derive(Clone, Debug)]
struct Nearby(Box<[Cell<(u64, u32)>; NEARBY]>);

const NEARBY: usize = 512;

/// The key of no table.
const NOWHERE: u64 = u64::MAX;

impl Default for Nearby {
    fn default() -> Self {
        Self(Box::new([const { Cell::new((NOWHERE, 0)) }; NEARBY]))
    }
}

impl Nearby {
    /// Address space and region in one number; 35 bits of a page's number are used.
    #[inline]
    fn key(root: Root, vpn: Vpn) -> u64 {
        (u64::from(root.0) << 32) ^ (vpn.0 / ENTRIES as u64)
    }

    #[inline]
    fn place(&self, key: u64) -> &Cell<(u64, u32)> {
        &self.0[(key ^ (key >> 32)) as usize % NEARBY]
    }

    #[inline]
    fn find(&self, key: u64) -> Option<u32> {
        let (found, table) = self.place(key).get();
        (found == key).then_some(table)
    }

    fn note(&self, key: u64, table: u32) {
        self.place(key).set((key, table));
    }
}

/// The root of one address space's page tables: what the register CR3 holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Root(u32);

/// Where a last-level entry stands, for whoever reads and writes it in one go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    root: Root,
    vpn: Vpn,
    table: u32,
}

impl Spot {
    /// The spot in the table that [`PageTables::find`] found.
    #[inline]
    pub fn in_table(table: u32, root: Root, vpn: Vpn) -> Self {
        Self { root, vpn, table }
    }
}

/// A walk through the page tables, entry by entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// The entries read, from the root; the walk ends at the first that is not
    /// present.
    pub entries: Vec<Pte>,
}

impl PageTables {
    /// An empty page table.
    pub fn create(&mut self) -> Root {
        Root(self.take())
    }

    /// The last-level entry of a page; [`Pte::NONE`] where a table is missing.
    #[inline]
    pub fn entry(&self, root: Root, vpn: Vpn) -> Pte {
        match self.last_table(root, vpn) {
            Some(table) => self.read(table, index(vpn, 3)),
            None => Pte::NONE,
        }
    }

    /// The last-level entry of a page, and the table that holds it; [`Pte::NONE`] where a
    /// table is missing.
    #[inline]
    pub(crate) fn find(&self, root: Root, vpn: Vpn) -> (Pte, Option<u32>) {
        let table = self.last_table(root, vpn);
        let pte = table.map_or(Pte::NONE, |table| self.read(table, index(vpn, 3)));
        (pte, table)
    }

    /// Writes an entry in the table that [`find`](PageTables::find) found it in.
    #[inline(always)]
    pub(crate) fn update(&mut self, root: Root, vpn: Vpn, table: u32, pte: Pte) {
        self.write(table, index(vpn, 3), pte);
        self.written.note((root, vpn));
    }

    /// Where the last-level entry of a page stands, if its table is there.
    #[inline]
    pub(crate) fn spot(&self, root: Root, vpn: Vpn) -> Option<Spot> {
        let table = self.last_table(root, vpn)?;
        Some(Spot { root, vpn, table })
    }

    /// The entry at a spot.
    #[inline]
    pub(crate) fn at(&self, spot: Spot) -> Pte {
        self.read(spot.table, index(spot.vpn, 3))
    }

    /// Writes the entry at a spot.
    #[inline]
    pub(crate) fn put(&mut self, spot: Spot, pte: Pte) {
        self.update(spot.root, spot.vpn, spot.table, pte);
    }

    /// The entries that the hardware reads to find a page.
    pub fn walk(&self, root: Root, vpn: Vpn) -> Walk {
        let (mut entries, mut table) = (Vec::with_capacity(LEVELS.len()), root.0);
        for level in 0..LEVELS.len() {
            let entry = self.read(table, index(vpn, level));
            entries.push(entry);
            match next_table(entry) {
                Some(next) if level < 3 => table = next,
                _ => break,
            }
        }
        Walk { entries }
    }

    /// Writes the last-level entry of a page, with the tables that lead to it. Returns
    /// what it was before, and how many tables had to be made.
    #[inline]
    pub fn set(&mut self, root: Root, vpn: Vpn, pte: Pte) -> (Pte, u32) {
        let (table, made) = match self.last_table(root, vpn) {
            Some(table) => (table, 0),
            None => self.make_tables(root, vpn),
        };
        let before = self.read(table, index(vpn, 3));
        self.update(root, vpn, table, pte);
        (before, made)
    }

    #[cold]
    fn make_tables(&mut self, root: Root, vpn: Vpn) -> (u32, u32) {
        let (mut table, mut made) = (root.0, 0);
        for level in 0..3 {
            let at = index(vpn, level);
            table = match next_table(self.read(table, at)) {
                Some(next) => next,
                None => {
                    let next = self.take();
                    self.write(table, at, Pte::table(next));
                    made += 1;
                    next
                }
            };
        }
        (table, made)
    }

    /// Every entry of an address space that is not empty, in address order.
    pub fn entries(&self, root: Root) -> Vec<(Vpn, Pte)> {
        let mut found = Vec::new();
        self.collect(root.0, 0, 0, &mut found);
        found
    }

    /// The entries of the pages from `start` up to but not including `end` that
    /// are not empty, in address order.
    pub fn entries_in(&self, root: Root, start: Vpn, end: Vpn) -> Vec<(Vpn, Pte)> {
        let mut found = Vec::new();
        let mut vpn = start.0;
        while vpn < end.0 {
            let next = (vpn / ENTRIES as u64 + 1) * ENTRIES as u64;
            if let Some(table) = self.last_table(root, Vpn(vpn)) {
                for vpn in vpn..next.min(end.0) {
                    let pte = self.read(table, index(Vpn(vpn), 3));
                    if !pte.is_none() {
                        found.push((Vpn(vpn), pte));
                    }
                }
            }
            vpn = next;
        }
        found
    }

    /// Gives back all tables of an address space, the root included.
    pub fn destroy(&mut self, root: Root) {
        self.nearby = Nearby::default();
        self.release(root.0, 0);
    }

    /// Numbers the kernel frames from 0; none for a frame of user memory.
    pub fn number(pfn: Pfn) -> Option<u32> {
        pfn.0.checked_sub(KERNEL_FRAMES)
    }

    /// The kernel frames that hold page tables.
    pub(crate) fn all(&self) -> impl Iterator<Item = Pfn> {
        let free: HashSet<u32> = self.free.iter().copied().collect();
        let numbers = (KERNEL_FRAMES..).take(self.frames.len());
        numbers
            .filter(move |number| !free.contains(number))
            .map(Pfn)
    }

    /// How many kernel frames hold page tables.
    pub fn in_use(&self) -> usize {
        self.frames.len() - self.free.len()
    }

    fn collect(&self, table: u32, level: usize, prefix: u64, found: &mut Vec<(Vpn, Pte)>) {
        for at in 0..ENTRIES {
            let (entry, vpn) = (self.read(table, at), prefix * ENTRIES as u64 + at as u64);
            if entry.is_none() {
                continue;
            }
            match next_table(entry) {
                Some(next) if level < 3 => self.collect(next, level + 1, vpn, found),
                _ => found.push((Vpn(vpn), entry)),
            }
        }
    }

    fn release(&mut self, table: u32, level: usize) {
        if level < 3 {
            for at in 0..ENTRIES {
                if let Some(next) = next_table(self.read(table, at)) {
                    self.release(next, level + 1);
                }
            }
        }
        self.taken.note((Pfn(table), false));
        self.free.push(table);
    }

    fn take(&mut self) -> u32 {
        let table = match self.free.pop() {
            Some(table) => {
                self.frames[(table - KERNEL_FRAMES) as usize].fill(0);
                table
            }
            None => {
                self.frames.push([0; ENTRIES]);
                KERNEL_FRAMES + self.frames.len() as u32 - 1
            }
        };
        self.taken.note((Pfn(table), true));
        table
    }

    /// The table that holds a page's entry: one that was found lately, or from the root.
    #[inline]
    fn last_table(&self, root: Root, vpn: Vpn) -> Option<u32> {
        let key = Nearby::key(root, vpn);
        self.nearby
            .find(key)
            .or_else(|| self.look_for_table(root, vpn, key))
    }

    #[inline(never)]
    fn look_for_table(&self, root: Root, vpn: Vpn, key: u64) -> Option<u32> {
        let table = self.descend(root, vpn)?;
        self.nearby.note(key, table);
        Some(table)
    }

    fn descend(&self, root: Root, vpn: Vpn) -> Option<u32> {
        (0..3).try_fold(root.0, |table, level| {
            next_table(self.read(table, index(vpn, level)))
        })
    }

    #[inline]
    fn read(&self, table: u32, at: usize) -> Pte {
        Pte::from_bits(self.frames[(table - KERNEL_FRAMES) as usize][at])
    }

    #[inline]
    fn write(&mut self, table: u32, at: usize, pte: Pte) {
        self.frames[(table - KERNEL_FRAMES) as usize][at] = pte.bits();
    }
}

/// The nine bits of the address that index the table of a level.
fn index(vpn: Vpn, level: usize) -> usize {
    (vpn.0 >> (9 * (3 - level))) as usize % ENTRIES
}

fn next_table(entry: Pte) -> Option<u32> {
    if entry.present() {
        entry.frame().map(|pfn| pfn.0)
    } else {
        None
    }
}
