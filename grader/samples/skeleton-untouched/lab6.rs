//! Lab 6, TLB: what the hardware may remember, and what forgetting costs.
//!
//! A CPU goes by what it remembers. The page table is changed in memory; every CPU
//! that ran the process may go on with the old entry until it is told.

use vmsim::prelude::*;

/// Gives a page in memory the rights that its VMA has since mprotect changed it.
///
/// Not all of them: a write may be allowed at once only if nobody has to notice
/// it. A frame of private memory must be exclusive; a page of a file that is mapped
/// shared must be dirty in this very entry; shared memory without a file may always be
/// written, and the zero page never.
///
/// And who must hear of it? Nobody can remember an entry that was not present, and an
/// entry that stays as it is is no news. mprotect in Linux tells every CPU of all other
/// changes, of rights that are given as well. [`Kernel::mm`] shows the entry, before
/// and after ([`Mm::pte`]).
pub fn protect_page(k: &mut Kernel, page: Page) {
    let _ = (k, page);
    todo!("lab 6: what may the program do now, and which CPUs must hear of it?")
}

/// Mends a stale TLB entry that refused what the page table allows.
///
/// The hardware forgot the entry when it raised the fault, so the next try reads
/// the page table. What is left to do?
pub fn spurious(k: &mut Kernel, fault: &PageFault) {
    let _ = (k, fault);
    todo!("lab 6: what is left to do?")
}
