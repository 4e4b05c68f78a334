//! Virtual memory areas: what the kernel promised the program.
//!
//! A VMA is a promise, not memory: nothing is allocated until a page is touched.

use std::fmt;

use crate::addr::{VirtAddr, Vpn};
use crate::cache::{ObjectId, ObjectPage};
use crate::event::{Growth, Sharing};
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
    pub(crate) fn set_prot(&mut self, prot: Prot) {
        self.prot = prot;
        if prot.write() {
            self.accounted |= self.is_private();
        } else if self.backing == Backing::Anonymous && self.anon_vma.is_none() {
            self.accounted = false;
        }
    }

    pub(crate) fn starting_at(mut self, vpn: Vpn) -> Self {
        if let Backing::Object { first, .. } = &mut self.backing {
            *first += vpn.0 - self.start.0;
        }
        self.start = vpn;
        self
    }

    pub(crate) fn continues(&self, left: &Vma) -> bool {
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

    pub(crate) fn merges_with(&self, left: &Vma) -> bool {
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
