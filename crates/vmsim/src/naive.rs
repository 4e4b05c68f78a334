//! Wrong choices of the machine itself, so that checks can be checked.
//!
//! Whoever compares this machine with Linux and finds no difference has shown
//! something only if the comparison would have found one. So there are kernels
//! with one rule broken. Most are wrong handlers; the rules here are decided by
//! the machine, and need a switch.
//!
//! No trace can turn it, [`Machine::new`](crate::machine::Machine::new) never
//! does, and nothing that is graded runs with it:
//! [`Machine::naive`](crate::machine::Machine::naive) is the only way.

use crate::kernel::Kernel;

/// One thing that the machine does otherwise than Linux.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Choice {
    /// A non-canonical address is a page fault like any other (rule R1).
    NonCanonicalFaults,
    /// brk to a smaller end moves the number and keeps the pages (rule R10).
    BrkKeepsPages,
    /// munmap takes whole mappings, wherever in them its range lies (rule R10).
    MunmapTakesMappings,
    /// `MADV_PAGEOUT` takes pages that are mapped more than once, too (rule R11).
    PageOutTakesShared,
    /// `MAP_POPULATE` reads, also where the mapping can be written (rule R12).
    PopulateReads,
    /// Neighbouring VMAs stay apart (rule R13).
    VmasStayApart,
    /// mprotect over a hole changes nothing (rule R14).
    MprotectAllOrNothing,
    /// fork copies the entries of every private VMA (rule R15).
    ForkCopiesPrivate,
    /// fork copies the entries of shared VMAs as well (rule R15).
    ForkCopiesShared,
}

impl Kernel {
    /// Whether the kernel makes this wrong choice: never, unless a check is being
    /// checked.
    pub(crate) fn is_naive(&self, choice: Choice) -> bool {
        self.naive == Some(choice)
    }
}
