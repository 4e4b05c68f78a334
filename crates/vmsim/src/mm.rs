//! The address space of a process, and the read-only view of it that decisions
//! are made on.

use crate::addr::{Pfn, Pid, SwapSlot, VirtAddr, Vpn};
use crate::cache::{ObjectPage, Residence};
use crate::event::SigAction;
use crate::frames::Usage;
use crate::kernel::Kernel;
use crate::page_table::Root;
use crate::pte::Pte;
use crate::tlb::Asid;
use crate::vma::Vma;
use crate::vmas::Vmas;

/// A page of a process: the place of a page-table entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Page {
    /// Whose.
    pub pid: Pid,
    /// Which.
    pub vpn: Vpn,
}

/// A process: its address space and what it does on signals.
#[derive(Clone, Debug)]
pub struct Process {
    /// Its VMAs.
    pub vmas: Vmas,
    pub(crate) root: Root,
    pub(crate) asid: Asid,
    /// End of the heap.
    pub(crate) brk: VirtAddr,
    /// Minor faults so far (`ru_minflt` of getrusage(2)).
    pub minor_faults: u64,
    /// Major faults so far (`ru_majflt`).
    pub major_faults: u64,
    /// CPUs that ran it, a bit for each: they may remember its pages.
    pub(crate) cpus: u8,
    /// What it does on SIGSEGV.
    pub(crate) on_segv: SigAction,
    /// What it does on SIGBUS.
    pub(crate) on_bus: SigAction,
}

/// A process's memory, to look at and not to change.
///
/// Everything that [`classify`](crate::handlers::Handlers::classify) may base its
/// verdict on.
#[derive(Clone, Copy)]
pub struct Mm<'a> {
    pub(crate) kernel: &'a Kernel,
    pub(crate) process: &'a Process,
}

/// What the page table knows of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nothing: the page was never touched, or was given up.
    None,
    /// The shared zero page.
    Zero,
    /// A frame of private memory.
    Anon {
        /// The frame.
        pfn: Pfn,
        /// Whether the hardware lets the program write.
        writable: bool,
    },
    /// A frame of the page cache.
    Object {
        /// The frame.
        pfn: Pfn,
        /// Whether the hardware lets the program write.
        writable: bool,
    },
    /// The page is in this swap slot.
    Swapped(SwapSlot),
}

/// What the kernel knows of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameInfo {
    /// What it is used for.
    pub usage: Usage,
    /// How many page-table entries map it.
    pub mappings: usize,
    /// How many references there are: mappings, caches, and handlers that hold it.
    pub references: u32,
}

impl Process {
    /// The number of its address space, as TLBs know it.
    pub fn asid(&self) -> Asid {
        self.asid
    }
}

impl<'a> Mm<'a> {
    /// The VMA that covers an address, if there is one.
    pub fn vma(&self, addr: VirtAddr) -> Option<&'a Vma> {
        self.process.vmas.find(addr.page())
    }

    /// The process's VMAs in address order.
    pub fn vmas(&self) -> &'a Vmas {
        &self.process.vmas
    }

    /// What the page table knows of a page.
    pub fn entry(&self, vpn: Vpn) -> Entry {
        self.kernel.entry_of(self.pte(vpn))
    }

    /// The page-table entry itself, all 64 bits of it.
    pub fn pte(&self, vpn: Vpn) -> Pte {
        self.kernel.tables.entry(self.process.root, vpn)
    }

    /// The byte at an address, if its page is in memory and mapped.
    pub fn byte(&self, addr: VirtAddr) -> Option<u8> {
        let pfn = self.pte(addr.page()).frame()?;
        let content = self.kernel.frames.content(pfn);
        Some(content.byte(addr.page_offset() as u16))
    }

    /// What the kernel knows of a frame.
    pub fn frame(&self, pfn: Pfn) -> FrameInfo {
        self.kernel.frame(pfn)
    }

    /// Where a page of a file or of shared memory is.
    pub fn residence(&self, page: ObjectPage) -> Residence {
        self.kernel.objects.residence(page)
    }

    /// The frame that holds a swapped page already, if the swap cache has it.
    pub fn swap_cached(&self, slot: SwapSlot) -> Option<Pfn> {
        self.kernel.swap.cached(slot)
    }

    /// How many page-table entries and pages of shared memory refer to a slot.
    pub fn slot_users(&self, slot: SwapSlot) -> u32 {
        self.kernel.swap.references(slot)
    }

    /// The largest size that a stack may grow to, in bytes (`RLIMIT_STACK`).
    pub fn stack_limit(&self) -> u64 {
        self.kernel.config.stack_limit
    }

    /// What the process does on SIGSEGV.
    pub fn on_segv(&self) -> SigAction {
        self.process.on_segv
    }

    /// What the process does on SIGBUS.
    pub fn on_bus(&self) -> SigAction {
        self.process.on_bus
    }
}
