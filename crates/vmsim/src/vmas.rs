//! The VMAs of a process, by address.
//!
//! They are free of overlap. Every operation on a part of a VMA splits it; neighbours that
//! could be one VMA are merged (rule R13, `can_vma_merge_left` in Linux mm/vma.c).

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};

use crate::addr::Vpn;
use crate::event::Growth;
use crate::naive::Choice;
use crate::prot::Prot;
use crate::vma::{AnonVma, GUARD_GAP_PAGES, MMAP_MIN_ADDR, Vma};

/// The VMAs of a process.
#[derive(Clone, Debug)]
pub struct Vmas {
    /// In no order.
    areas: Vec<Vma>,
    /// Where in `areas` the one is that ends before a page (Linux has such a tree,
    /// `mm->mm_mt`).
    by_end: BTreeMap<Vpn, usize>,
    /// Where the one is that was found last: a fault asks for the same one several times
    /// (Linux had the like, `mm->mmap_cache`).
    recent: Cell<usize>,
    /// How often they were changed.
    edits: u64,
    /// The kernel's wrong choice, if it has one: it may be not to merge.
    naive: Option<Choice>,
}

impl Vmas {
    /// No VMA, as in a new process.
    pub(crate) fn new(naive: Option<Choice>) -> Self {
        Self {
            areas: Vec::new(),
            by_end: BTreeMap::new(),
            recent: Cell::new(0),
            edits: 0,
            naive,
        }
    }

    /// The VMA that covers a page (`find_vma` in Linux mm/mmap.c, but exact).
    #[inline]
    pub fn find(&self, vpn: Vpn) -> Option<&Vma> {
        match self.areas.get(self.recent.get()) {
            Some(vma) if vma.contains(vpn) => Some(vma),
            _ => self.look_for(vpn),
        }
    }

    fn look_for(&self, vpn: Vpn) -> Option<&Vma> {
        let at = self.place(vpn)?;
        self.recent.set(at);
        Some(&self.areas[at]).filter(|vma| vma.contains(vpn))
    }

    /// The first VMA that ends above a page: the one that covers it, or else the
    /// next one.
    pub fn at_or_above(&self, vpn: Vpn) -> Option<&Vma> {
        self.place(vpn).map(|at| &self.areas[at])
    }

    /// The last VMA that ends at or below a page.
    pub fn below(&self, vpn: Vpn) -> Option<&Vma> {
        let (_, &at) = self.by_end.range(..=vpn).next_back()?;
        Some(&self.areas[at])
    }

    /// The VMAs, in address order.
    pub fn iter(&self) -> impl Iterator<Item = &Vma> {
        self.by_end.values().map(|&at| &self.areas[at])
    }

    /// How often the VMAs were changed: whoever has seen them need not look again while
    /// this is the same.
    pub fn edits(&self) -> u64 {
        self.edits
    }

    /// The VMAs that have a page in the range; an empty range has none.
    pub(crate) fn overlapping(&self, start: Vpn, end: Vpn) -> Vec<Vma> {
        self.places(start)
            .map(|at| self.areas[at])
            .take_while(|vma| vma.start < end && start < end)
            .collect()
    }

    /// Adds a VMA where none is, and merges it with its neighbours.
    pub(crate) fn insert(&mut self, vma: Vma) {
        self.insert_apart(vma);
        self.merge_around(vma.start);
    }

    /// Adds a VMA where none is, and merges it with nothing.
    pub(crate) fn insert_apart(&mut self, vma: Vma) {
        self.edits += 1;
        self.add(vma);
    }

    /// Takes the range out, splitting what sticks out at either end, and returns
    /// what was there.
    pub(crate) fn remove(&mut self, start: Vpn, end: Vpn) -> Vec<Vma> {
        self.edits += 1;
        self.split(start);
        self.split(end);
        let removed = self.overlapping(start, end);
        for vma in &removed {
            self.take(vma.end);
        }
        removed
    }

    /// Gives the part of one VMA that lies in the range another protection.
    pub(crate) fn protect(&mut self, start: Vpn, end: Vpn, prot: Prot) {
        self.edits += 1;
        self.split(start);
        self.split(end);
        self.at_mut(start).set_prot(prot);
        self.merge_around(start);
    }

    /// Whether a stack is next above a page, and nothing that can be accessed lies
    /// too close below the page.
    pub(crate) fn may_end_gap_at(&self, vpn: Vpn) -> bool {
        let stack_above = self
            .at_or_above(vpn)
            .is_some_and(|vma| vma.growth == Growth::Down);
        let crowded = self.below(vpn).is_some_and(|below| {
            let in_the_way = below.growth == Growth::Fixed && !below.prot.is_none();
            in_the_way && vpn.0 - below.end.0 < GUARD_GAP_PAGES
        });
        stack_above && !crowded && vpn >= MMAP_MIN_ADDR.page()
    }

    /// Moves the start of a stack down.
    pub(crate) fn grow(&mut self, stack: Vpn, new_start: Vpn) {
        self.edits += 1;
        self.at_mut(stack).start = new_start;
    }

    /// Notes that the VMA was written, with a neighbour's note where it continues
    /// the neighbour but for its protection (`find_mergeable_anon_vma` in Linux
    /// mm/vma.c), else with `fresh`. Returns whether `fresh` was used.
    pub(crate) fn note_write(&mut self, vpn: Vpn, fresh: u32) -> bool {
        let vma = *self.at_mut(vpn);
        if vma.anon_vma.is_some() {
            return false;
        }
        let borrowed = self.neighbour_note(&vma);
        self.at_mut(vpn).anon_vma = borrowed.or(Some(AnonVma {
            id: fresh,
            forked: false,
        }));
        borrowed.is_none()
    }

    fn neighbour_note(&self, vma: &Vma) -> Option<AnonVma> {
        let usable = |note: &AnonVma| !note.forked;
        let next = self.at_or_above(vma.end).filter(|next| next.continues(vma));
        let previous = self.below(vma.start).filter(|left| vma.continues(left));
        next.and_then(|v| v.anon_vma)
            .filter(usable)
            .or_else(|| previous.and_then(|v| v.anon_vma).filter(usable))
    }

    /// The VMAs, in no order.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Vma> {
        self.areas.iter_mut()
    }

    /// Where the VMAs are that end above the page, in address order.
    fn places(&self, vpn: Vpn) -> impl Iterator<Item = usize> {
        let above = self.by_end.range((Excluded(vpn), Unbounded));
        above.map(|(_, &at)| at)
    }

    /// Where the first of them is.
    fn place(&self, vpn: Vpn) -> Option<usize> {
        self.places(vpn).next()
    }

    /// The first VMA that ends above the page, which must be there. Whoever moves its end
    /// takes it out.
    fn at_mut(&mut self, vpn: Vpn) -> &mut Vma {
        let at = self.place(vpn).expect("callers have seen a VMA there");
        &mut self.areas[at]
    }

    fn add(&mut self, vma: Vma) {
        self.by_end.insert(vma.end, self.areas.len());
        self.areas.push(vma);
    }

    /// Takes the VMA out that ends before a page; the last one goes where it was.
    fn take(&mut self, end: Vpn) -> Vma {
        let at = self.by_end.remove(&end).expect("a VMA ends there");
        let vma = self.areas.swap_remove(at);
        if let Some(moved) = self.areas.get(at) {
            self.by_end.insert(moved.end, at);
        }
        vma
    }

    fn split(&mut self, vpn: Vpn) {
        let cut = self.at_or_above(vpn).filter(|vma| vma.start < vpn);
        if let Some(&Vma { end, .. }) = cut {
            let mut left = self.take(end);
            self.add(left.starting_at(vpn));
            left.end = vpn;
            self.add(left);
        }
    }

    /// Merges the VMA that covers a page with the left and with the right neighbour.
    fn merge_around(&mut self, vpn: Vpn) {
        if self.naive == Some(Choice::VmasStayApart) {
            return;
        }
        let vma = *self.at_mut(vpn);
        let left = self.below(vma.start).copied();
        let right = self.at_or_above(vma.end).copied();
        if let Some(left) = left.filter(|left| vma.merges_with(left)) {
            self.join(left, vma);
        }
        let vma = *self.at_mut(vpn);
        if let Some(right) = right.filter(|right| right.merges_with(&vma)) {
            self.join(vma, right);
        }
    }

    fn join(&mut self, left: Vma, right: Vma) {
        self.take(left.end);
        self.take(right.end);
        self.add(Vma {
            end: right.end,
            anon_vma: left.anon_vma.or(right.anon_vma),
            ..left
        });
    }
}
