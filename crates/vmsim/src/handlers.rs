//! The student's contract: one method for each concept.
//!
//! A handler changes the machine through [`Kernel`](crate::kernel::Kernel)
//! services and nothing else. Each method does one thing, so that a method that
//! is wrong or not written yet does not hide the others.

use std::rc::Rc;

/// The table of holes: whoever needs all of them names a macro that gets the table.
///
/// A row is the documentation, the variant of [`Hole`], the lab, the module and
/// the signature.
#[doc(hidden)]
#[macro_export]
macro_rules! for_each_hole {
    ($apply:path $(, $extra:ident)?) => {
        $apply! { $($extra)?
            /// Decides what a fault is, and changes nothing.
            ///
            /// The kernel's questions, in Linux's order (rule R3, and
            /// `do_user_addr_fault` in Linux arch/x86/mm/fault.c): Is there a VMA?
            /// Does it allow the access? Does the page exist in the file? What does
            /// the page table know? Who else uses the frame?
            Classify, 1, lab1: classify(mm: &$crate::mm::Mm<'_>, fault: &$crate::fault::PageFault)
                -> Result<$crate::fault::FaultKind, $crate::fault::Signal>;

            /// Maps the shared zero page read-only: first read of an anonymous page
            /// (rule R4; `do_anonymous_page` in Linux mm/memory.c).
            ZeroPage, 2, lab2: zero_page(
                k: &mut $crate::kernel::Kernel, fault: &$crate::fault::PageFault)
                -> $crate::fault::Repaired;

            /// Gives an anonymous page a frame of its own, full of zeroes (rule R4).
            DemandZero, 2, lab2: demand_zero(
                k: &mut $crate::kernel::Kernel, fault: &$crate::fault::PageFault)
                -> $crate::fault::Repaired;

            /// Takes a page out of an address space and gives back what it held:
            /// called for each touched page by munmap, exit and `MADV_DONTNEED`
            /// (rules R10 and R11; `zap_pte_range` in Linux mm/memory.c).
            UnmapPage, 2, lab2: unmap_page(
                k: &mut $crate::kernel::Kernel, page: $crate::mm::Page) -> ();

            /// Decides whether a stack grows down to an address that no VMA covers,
            /// and returns its new first page (rule R16; `expand_downwards` in Linux
            /// mm/vma.c).
            GrowStack, 3, lab3: grow_stack(
                mm: &$crate::mm::Mm<'_>, addr: $crate::addr::VirtAddr)
                -> Option<$crate::addr::Vpn>;

            /// Decides what becomes of a process whose access cannot be repaired
            /// (rule R18; `force_sig_fault` in Linux kernel/signal.c).
            Deliver, 3, lab3: deliver(
                mm: &$crate::mm::Mm<'_>, mode: $crate::fault::Mode,
                signal: $crate::fault::Signal) -> $crate::fault::Delivery;

            /// Maps a page that the page cache has (rules R6 and R7;
            /// `do_read_fault` and `do_shared_fault` in Linux mm/memory.c).
            MapResident, 4, lab4: map_resident(
                k: &mut $crate::kernel::Kernel, fault: &$crate::fault::PageFault,
                pfn: $crate::addr::Pfn) -> $crate::fault::Repaired;

            /// Reads a page of a file into the page cache and maps it, or a copy of
            /// it for a private write (rule R6; `filemap_fault` in Linux mm/filemap.c).
            FileRead, 4, lab4: file_read(
                k: &mut $crate::kernel::Kernel, fault: &$crate::fault::PageFault,
                page: $crate::cache::ObjectPage) -> $crate::fault::Repaired;

            /// Lets the program write a clean page of a shared mapping, and notes
            /// that the page is dirty now (rule R7; `wp_page_shared` in Linux
            /// mm/memory.c).
            WriteNotify, 4, lab4: write_notify(
                k: &mut $crate::kernel::Kernel, fault: &$crate::fault::PageFault,
                pfn: $crate::addr::Pfn) -> ();

            /// Makes and maps a page of shared memory that nobody has touched yet
            /// (rule R6; `shmem_fault` in Linux mm/shmem.c).
            NewShared, 4, lab4: new_shared(
                k: &mut $crate::kernel::Kernel, fault: &$crate::fault::PageFault,
                page: $crate::cache::ObjectPage) -> $crate::fault::Repaired;

            /// Writes a dirty page of a file to the disk, so that the next write is
            /// noticed again: called by msync (rule R7; `folio_mkclean` in Linux
            /// mm/rmap.c).
            CleanPage, 4, lab4: clean_page(
                k: &mut $crate::kernel::Kernel, page: $crate::cache::ObjectPage,
                pfn: $crate::addr::Pfn) -> ();

            /// Gives a child the page that its parent has, in memory: called by fork
            /// for each page of a VMA that was ever written (rule R15;
            /// `copy_present_ptes` in Linux mm/memory.c).
            ForkPage, 5, lab5: fork_page(
                k: &mut $crate::kernel::Kernel, parent: $crate::mm::Page,
                child: $crate::mm::Page) -> ();

            /// Gives the writer a copy of a frame that others use (rule R5;
            /// `wp_page_copy` in Linux mm/memory.c).
            CopyOnWrite, 5, lab5: copy_on_write(
                k: &mut $crate::kernel::Kernel, fault: &$crate::fault::PageFault,
                pfn: $crate::addr::Pfn) -> $crate::fault::Repaired;

            /// Lets the only user of a frame write it (rule R5; `wp_page_reuse` in
            /// Linux mm/memory.c).
            Reuse, 5, lab5: reuse(
                k: &mut $crate::kernel::Kernel, fault: &$crate::fault::PageFault,
                pfn: $crate::addr::Pfn) -> ();

            /// Gives a page in memory the rights that its VMA has now: called by
            /// mprotect (rule R14; `change_pte_range` in Linux mm/mprotect.c).
            ProtectPage, 6, lab6: protect_page(
                k: &mut $crate::kernel::Kernel, page: $crate::mm::Page) -> ();

            /// Mends a stale TLB entry that refused what the page table allows
            /// (`flush_tlb_fix_spurious_fault` in Linux mm/memory.c).
            Spurious, 6, lab6: spurious(
                k: &mut $crate::kernel::Kernel, fault: &$crate::fault::PageFault) -> ();

            /// Moves a page from a frame to a swap slot, in all page tables: called by
            /// `MADV_PAGEOUT` and when memory is short (rule R11; `try_to_unmap_one`
            /// in Linux mm/rmap.c and `pageout` in mm/vmscan.c).
            SwapOut, 7, lab7: swap_out(
                k: &mut $crate::kernel::Kernel, pfn: $crate::addr::Pfn)
                -> $crate::fault::Repaired;

            /// Reads a page back from its swap slot (rule R17; `do_swap_page` in
            /// Linux mm/memory.c).
            SwapIn, 7, lab7: swap_in(
                k: &mut $crate::kernel::Kernel, fault: &$crate::fault::PageFault,
                slot: $crate::addr::SwapSlot) -> $crate::fault::Repaired;

            /// Maps a swapped page that the swap cache still has (rule R17).
            SwapCached, 7, lab7: swap_cached(
                k: &mut $crate::kernel::Kernel, fault: &$crate::fault::PageFault,
                slot: $crate::addr::SwapSlot, pfn: $crate::addr::Pfn)
                -> $crate::fault::Repaired;

            /// Gives a child the page that its parent has in a swap slot: called by
            /// fork (rule R15; `copy_nonpresent_pte` in Linux mm/memory.c).
            ForkSwapped, 7, lab7: fork_swapped(
                k: &mut $crate::kernel::Kernel, parent: $crate::mm::Page,
                child: $crate::mm::Page, slot: $crate::addr::SwapSlot) -> ();

            /// Chooses the frame to evict when none is free, or none if there is
            /// nothing to choose.
            ChooseVictim, 8, lab8: choose_victim(k: &mut $crate::kernel::Kernel)
                -> Option<$crate::addr::Pfn>;

            /// Evicts a page of a file: out of all page tables, to the disk if it is
            /// dirty, out of the page cache (`shrink_folio_list` in Linux mm/vmscan.c).
            EvictPage, 8, lab8: evict_page(
                k: &mut $crate::kernel::Kernel, page: $crate::cache::ObjectPage,
                pfn: $crate::addr::Pfn) -> ();
        }
    };
}

macro_rules! declare {
    ($(
        $(#[$doc:meta])*
        $variant:ident, $lab:literal, $module:ident:
        $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;
    )*) => {
        /// What a kernel decides and does about memory: the parts of it that
        /// students write.
        pub trait Handlers {
            $( $(#[$doc])* fn $name(&self, $($arg: $ty),*) -> $ret; )*
        }

        /// A method of [`Handlers`]: what a student writes, and what points are
        /// given for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Hole {
            $( #[doc = concat!("[`Handlers::", stringify!($name), "`]")] $variant, )*
        }

        impl Hole {
            /// All holes, in the order of the labs.
            pub const ALL: &[Hole] = &[$( Hole::$variant ),*];

            /// The name of the method.
            pub fn name(self) -> &'static str {
                match self { $( Hole::$variant => stringify!($name), )* }
            }

            /// The lab that the hole belongs to.
            pub fn lab(self) -> u8 {
                match self { $( Hole::$variant => $lab, )* }
            }
        }

        impl Handlers for Graft {
            $( fn $name(&self, $($arg: $ty),*) -> $ret {
                if self.holes.contains(&Hole::$variant) {
                    self.scion.$name($($arg),*)
                } else {
                    self.stock.$name($($arg),*)
                }
            } )*
        }
    };
}

for_each_hole!(declare);

/// One submission's methods for some holes, and another's for the rest.
///
/// Grading grafts: a hole is tried with the reference's methods around it, so
/// that a wrong `classify` does not cost the points for copy-on-write.
pub struct Graft {
    /// The holes that come from `scion`.
    pub holes: Vec<Hole>,
    /// Whose methods are tried.
    pub scion: Rc<dyn Handlers>,
    /// Whose methods stand around them.
    pub stock: Rc<dyn Handlers>,
}

impl Hole {
    /// The hole of this name.
    pub fn named(name: &str) -> Option<Hole> {
        Hole::ALL.iter().copied().find(|hole| hole.name() == name)
    }
}

/// Implements [`Handlers`] for a type with the functions of the modules `lab1` to
/// `lab8` that are in scope.
#[macro_export]
macro_rules! handlers_from_labs {
    ($submission:ident) => {
        $crate::for_each_hole!($crate::forward_to_labs, $submission);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! forward_to_labs {
    ($submission:ident $(
        $(#[$doc:meta])*
        $variant:ident, $lab:literal, $module:ident:
        $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;
    )*) => {
        impl $crate::handlers::Handlers for $submission {
            $( fn $name(&self, $($arg: $ty),*) -> $ret { $module::$name($($arg),*) } )*
        }
    };
}
