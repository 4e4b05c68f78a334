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
    // FAULTLINE-BEGIN fork_page
    let rights = k.vma(parent).rights().read_only();
    let frame = match k.entry(parent) {
        Entry::Zero => k.zero_page(),
        Entry::Object { pfn, .. } => k.get(pfn),
        Entry::Anon { pfn, .. } => {
            k.mark_shared(pfn);
            let old = k.protect(parent, rights).shoot_down(k);
            k.put_old(old);
            k.get(pfn)
        }
        Entry::None | Entry::Swapped(_) => return,
    };
    let old = k.map(child, frame, rights).never_cached(k);
    k.put_old(old);
    // FAULTLINE-HANDOUT
    // let _ = (k, parent, child);
    // todo!("lab 5: share the frame, and let neither write it")
    // FAULTLINE-END fork_page
}

/// Gives the writer a copy of a frame that others use.
///
/// Hold the frame while you allocate: when memory is short, allocating evicts a
/// page, and it may be this one. The frame that the page showed so far, or the
/// swap slot that it was in, comes out of the change and must be put back.
pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    // FAULTLINE-BEGIN copy_on_write
    let rights = k.vma(fault.page).rights();
    let shared = k.get(pfn);
    let copy = match k.alloc() {
        Ok(frame) => frame,
        Err(out_of_memory) => {
            k.put(shared);
            return Err(out_of_memory);
        }
    };
    k.copy(&shared, &copy);
    k.put(shared);
    let old = k.map(fault.page, copy, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
    // FAULTLINE-HANDOUT
    // let _ = (k, fault, pfn);
    // todo!("lab 5: copy the page for its writer")
    // FAULTLINE-END copy_on_write
}

/// Lets the only user of a frame write it: nothing is copied.
pub fn reuse(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    // FAULTLINE-BEGIN reuse
    let rights = k.vma(fault.page).rights();
    k.mark_exclusive(pfn);
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
    // FAULTLINE-HANDOUT
    // let _ = (k, fault, pfn);
    // todo!("lab 5: let the only owner write")
    // FAULTLINE-END reuse
}
