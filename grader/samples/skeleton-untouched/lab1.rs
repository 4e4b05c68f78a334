//! Lab 1, classify: what is this fault, and what would repair it?
//!
//! The MMU knows what the page table says. The kernel knows what it promised: the
//! VMAs. A fault is where the two differ, and it is your job to find out why.

use vmsim::prelude::*;

/// Decides what a fault is, and changes nothing.
///
/// Either the name of a repair, with the evidence for it, or the signal for an
/// access that has none. Ask in this order:
///
/// 1. Does any VMA cover the address? If not: [`Signal::maperr`].
/// 2. Does the VMA allow the access? If not: [`Signal::accerr`]. Take care:
///    - A write needs a mapping that may be written.
///    - A read or a fetch is refused if the hardware found the entry present
///      (`fault.code.present`): then the entry forbids it, and rightly so. If the
///      entry was not present, only `PROT_NONE` refuses; x86 cannot tell more
///      before the page is there.
/// 3. What does the page table know of the page (`mm.entry`), and where else is
///    it (`mm.residence`)? A page behind the end of its file is
///    [`Signal::adrerr`].
pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    let _ = (mm, fault);
    todo!("lab 1: name the repair, or the signal")
}
