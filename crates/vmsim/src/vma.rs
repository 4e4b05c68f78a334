//! Virtual memory areas: what the kernel promised the program.
//!
//! A VMA is a promise, not memory: nothing is allocated until a page is touched.
//! The list of a process is sorted and free of overlap. Every operation on a part
//! of a VMA splits it; neighbours that could be one VMA are merged (rule R13,
//! `can_vma_merge_left` in Linux mm/vma.c).

use std::cell::Cell;
use std::fmt;

use crate::addr::{VirtAddr, Vpn};
use crate::cache::{ObjectId, ObjectPage};
use crate::event::{Growth, Sharing};
use crate::naive::Choice;
use crate::prot::Prot;
use crate::pte::Rights;

/// Lowest address that a program may map (`/proc/sys/vm/mmap_min_addr`). Not even
/// a stack grows below it.
pub const MMAP_MIN_ADDR: VirtAddr = VirtAddr(64 << 10);

/// Pages that stay free below a stack (`stack_guard_gap` in Linux mm/mmap.c).
pub const GUARD_GAP_PAGES: u64 = 256;

/// A virtual memory area: neighbouring pages with one protection and one backing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vma {
    /// First page.
    pub start: Vpn,
    /// First page behind the area.
    pub end: Vpn,
    /// What the program may do.
    pub prot: Prot,
    /// Who sees a write.
    pub sharing: Sharing,
    /// What the pages show.
    pub backing: Backing,
    /// Whether it is a stack.
    pub growth: Growth,
    /// Whether the area counts as promised memory (`VM_ACCOUNT`). Seen only in what
    /// merges: an area that could never be written does not join one that could.
    pub(crate) accounted: bool,
    pub(crate) anon_vma: Option<AnonVma>,
}

/// What stands behind a VMA's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backing {
    /// Nothing: pages start as zeroes and belong to this process alone.
    Anonymous,
    /// A file, or the memory that processes share (`MAP_SHARED | MAP_ANONYMOUS`):
    /// page `first` of the object is the VMA's first page.
    Object {
        /// The object.
        object: ObjectId,
        /// Its page that the VMA starts with.
        first: u64,
    },
}

/// Proof that a private VMA was written at least once: Linux's `anon_vma`.
///
/// Its presence decides whether fork copies page-table entries (rule R15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AnonVma {
    pub id: u32,
    /// Made by fork; such a VMA does not merge with one that has none.
    pub forked: bool,
}

impl Vma {
    /// Whether the page lies in the area.
    pub fn contains(&self, vpn: Vpn) -> bool {
        self.start <= vpn && vpn < self.end
    }

    /// Whether writes stay with the writer.
    pub fn is_private(&self) -> bool {
        self.sharing == Sharing::Private
    }

    /// All that the protection lets the hardware allow.
    ///
    /// The x86-64 page table cannot forbid reading alone, so a page that may be
    /// written or executed may be read (rule R3; `protection_map` in Linux
    /// arch/x86/mm/pgprot.c).
    pub fn rights(&self) -> Rights {
        Rights::of(self.prot)
    }

    /// The page of the file or shared memory that a page of this VMA shows.
    pub fn object_page(&self, vpn: Vpn) -> Option<ObjectPage> {
        match self.backing {
            Backing::Anonymous => None,
            Backing::Object { object, first } => Some(ObjectPage {
                object,
                index: first + (vpn.0 - self.start.0),
            }),
        }
    }

    /// The file or shared memory that the VMA shows.
    pub fn object(&self) -> Option<ObjectId> {
        match self.backing {
            Backing::Anonymous => None,
            Backing::Object { object, .. } => Some(object),
        }
    }

    /// Size in pages.
    pub fn size_pages(&self) -> u64 {
        self.end.0 - self.start.0
    }

    /// Changes the protection, and with it whether the area counts as promised
    /// memory (`mprotect_fixup` in Linux mm/mprotect.c).
    fn set_prot(&mut self, prot: Prot) {
        self.prot = prot;
        if prot.write() {
            self.accounted |= self.is_private();
        } else if self.backing == Backing::Anonymous && self.anon_vma.is_none() {
            self.accounted = false;
        }
    }

    fn starting_at(mut self, vpn: Vpn) -> Self {
        if let Backing::Object { first, .. } = &mut self.backing {
            *first += vpn.0 - self.start.0;
        }
        self.start = vpn;
        self
    }

    fn continues(&self, left: &Vma) -> bool {
        let backing = match (left.backing, self.backing) {
            (Backing::Anonymous, Backing::Anonymous) => true,
            (
                Backing::Object { object: a, first },
                Backing::Object {
                    object: b,
                    first: next,
                },
            ) => a == b && first + left.size_pages() == next,
            _ => false,
        };
        let flags = |vma: &Vma| (vma.sharing, vma.growth, vma.accounted);
        left.end == self.start && backing && flags(left) == flags(self)
    }

    fn merges_with(&self, left: &Vma) -> bool {
        let anon = match (left.anon_vma, self.anon_vma) {
            (None, Some(one)) | (Some(one), None) => !one.forked,
            (a, b) => a.map(|a| a.id) == b.map(|b| b.id),
        };
        self.continues(left) && self.prot == left.prot && anon
    }
}

impl fmt::Display for Vma {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sharing = match self.sharing {
            Sharing::Private => "private",
            Sharing::Shared => "shared",
        };
        write!(
            f,
            "[{}, {}) {} {sharing}",
            self.start.start(),
            self.end.start(),
            self.prot
        )?;
        match self.backing {
            Backing::Anonymous => write!(f, " anon")?,
            Backing::Object { object, first } => write!(f, " {object} from page {first}")?,
        }
        if self.growth == Growth::Down {
            write!(f, " growsdown")
        } else {
            Ok(())
        }
    }
}

/// The VMAs of a process.
#[derive(Clone, Debug)]
pub struct VmaList {
    areas: Vec<Vma>,
    /// The index of the VMA that was found last: a fault asks for the same one several
    /// times (Linux had the like, `mm->mmap_cache`).
    recent: Cell<usize>,
    /// How often the list was changed.
    edits: u64,
    /// The kernel's wrong choice, if it has one: it may be not to merge.
    naive: Option<Choice>,
}

impl VmaList {
    /// No VMA, as in a new process.
    pub(crate) fn new(naive: Option<Choice>) -> Self {
        Self {
            areas: Vec::new(),
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
        let at = self.position(vpn);
        self.recent.set(at);
        self.areas.get(at).filter(|vma| vma.contains(vpn))
    }

    /// The first VMA that ends above a page: the one that covers it, or else the
    /// next one.
    pub fn at_or_above(&self, vpn: Vpn) -> Option<&Vma> {
        self.areas.get(self.position(vpn))
    }

    /// The last VMA that ends at or below a page.
    pub fn below(&self, vpn: Vpn) -> Option<&Vma> {
        self.position(vpn).checked_sub(1).map(|at| &self.areas[at])
    }

    /// The VMAs, in address order.
    pub fn iter(&self) -> impl Iterator<Item = &Vma> {
        self.areas.iter()
    }

    /// How often the list was changed: whoever has seen it need not look again while this
    /// is the same.
    pub fn edits(&self) -> u64 {
        self.edits
    }

    /// The VMAs that have a page in the range; an empty range has none.
    pub(crate) fn overlapping(&self, start: Vpn, end: Vpn) -> Vec<Vma> {
        self.areas[self.position(start)..]
            .iter()
            .take_while(|vma| vma.start < end && start < end)
            .copied()
            .collect()
    }

    /// Adds a VMA where none is, and merges it with its neighbours.
    pub(crate) fn insert(&mut self, vma: Vma) {
        self.insert_apart(vma);
        self.merge_at(self.position(vma.start));
    }

    /// Adds a VMA where none is, and merges it with nothing.
    pub(crate) fn insert_apart(&mut self, vma: Vma) {
        self.edits += 1;
        let at = self.position(vma.start);
        self.areas.insert(at, vma);
    }

    /// Takes the range out, splitting what sticks out at either end, and returns
    /// what was there.
    pub(crate) fn remove(&mut self, start: Vpn, end: Vpn) -> Vec<Vma> {
        self.edits += 1;
        self.split(start);
        self.split(end);
        let (from, to) = (self.position(start), self.position(end));
        self.areas.drain(from..to).collect()
    }

    /// Gives the part of one VMA that lies in the range another protection.
    pub(crate) fn protect(&mut self, start: Vpn, end: Vpn, prot: Prot) {
        self.edits += 1;
        self.split(start);
        self.split(end);
        let at = self.position(start);
        self.areas[at].set_prot(prot);
        self.merge_at(at);
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
        let at = self.position(stack);
        self.areas[at].start = new_start;
    }

    /// Notes that the VMA was written, with a neighbour's note where it continues
    /// the neighbour but for its protection (`find_mergeable_anon_vma` in Linux
    /// mm/vma.c), else with `fresh`. Returns whether `fresh` was used.
    pub(crate) fn note_write(&mut self, vpn: Vpn, fresh: u32) -> bool {
        let at = self.position(vpn);
        if self.areas[at].anon_vma.is_some() {
            return false;
        }
        let borrowed = self.neighbour_note(at);
        self.areas[at].anon_vma = borrowed.or(Some(AnonVma {
            id: fresh,
            forked: false,
        }));
        borrowed.is_none()
    }

    fn neighbour_note(&self, at: usize) -> Option<AnonVma> {
        let vma = &self.areas[at];
        let usable = |note: &AnonVma| !note.forked;
        let next = self.areas.get(at + 1).filter(|next| next.continues(vma));
        let previous = at
            .checked_sub(1)
            .map(|i| &self.areas[i])
            .filter(|left| vma.continues(left));
        next.and_then(|v| v.anon_vma)
            .filter(usable)
            .or_else(|| previous.and_then(|v| v.anon_vma).filter(usable))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Vma> {
        self.areas.iter_mut()
    }

    /// Index of the first VMA that ends above the page.
    fn position(&self, vpn: Vpn) -> usize {
        self.areas.partition_point(|vma| vma.end <= vpn)
    }

    fn split(&mut self, vpn: Vpn) {
        let at = self.position(vpn);
        if self.areas.get(at).is_some_and(|vma| vma.start < vpn) {
            let right = self.areas[at].starting_at(vpn);
            self.areas[at].end = vpn;
            self.areas.insert(at + 1, right);
        }
    }

    /// Merges the VMA at an index with the left and with the right neighbour.
    fn merge_at(&mut self, at: usize) {
        if self.naive == Some(Choice::VmasStayApart) {
            return;
        }
        let mut at = at;
        if at > 0 && self.areas[at].merges_with(&self.areas[at - 1]) {
            self.join(at - 1);
            at -= 1;
        }
        if at + 1 < self.areas.len() && self.areas[at + 1].merges_with(&self.areas[at]) {
            self.join(at);
        }
    }

    fn join(&mut self, left: usize) {
        let right = self.areas.remove(left + 1);
        self.areas[left].end = right.end;
        self.areas[left].anon_vma = self.areas[left].anon_vma.or(right.anon_vma);
    }
}
