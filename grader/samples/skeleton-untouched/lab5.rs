//! Lab 5, copy-on-write: two processes, one frame, until somebody writes.
//!
//! fork copies no memory. Parent and child map the same frames read-only; whoever
//! writes first gets a copy, and the last one left need not copy at all.

use vmsim::prelude::*;

/// Gives a child the page that its parent has in memory.
///
/// Called by fork for each page of a private VMA that was ever written. Afterwards
/// both map the same frame and neither may write it, on any CPU. A frame of
/// private memory has several owners now ([`Kernel::mark_shared`]). Pages that
/// show the zero page or the page cache are handed on as well.
pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let _ = (k, parent, child);
    todo!("lab 5: share the frame, and let neither write it")
}

/// Gives the writer a copy of a frame that others use.
///
/// Hold the frame while you allocate: when memory is short, allocating evicts a
/// page, and it may be this one. The frame that the page showed so far, or the
/// swap slot that it was in, comes out of the change and must be put back.
pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let _ = (k, fault, pfn);
    todo!("lab 5: copy the page for its writer")
}

/// Lets the only user of a frame write it: nothing is copied.
pub fn reuse(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let _ = (k, fault, pfn);
    todo!("lab 5: let the only owner write")
}
