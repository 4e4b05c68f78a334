//! Lab 2, lazy: promised memory is not memory.
//!
//! mmap only writes a VMA. A frame is spent when the program touches a page, and
//! not even then if it only reads: all pages that were only read show the
//! same frame, the shared zero page.

use vmsim::prelude::*;

/// Maps the shared zero page: somebody reads an anonymous page for the first time.
///
/// The zero page belongs to everybody, so nobody may write it: whatever the VMA
/// allows ([`Vma::rights`]), this entry is read-only.
pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    // FAULTLINE-BEGIN zero_page
    let rights = k.vma(fault.page).rights().read_only();
    let zero = k.zero_page();
    let old = k.map(fault.page, zero, rights).never_cached(k);
    k.put_old(old);
    Ok(())
    // FAULTLINE-HANDOUT
    // let _ = (k, fault);
    // todo!("lab 2: map the shared zero page")
    // FAULTLINE-END zero_page
}

/// Gives an anonymous page a frame of its own: somebody writes it.
///
/// Frames come full of what their last owner left in them. The page may have
/// shown the zero page until now, and some CPU may remember that.
pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    // FAULTLINE-BEGIN demand_zero
    let rights = k.vma(fault.page).rights();
    let frame = k.alloc()?;
    k.zero(&frame);
    let old = k.map(fault.page, frame, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
    // FAULTLINE-HANDOUT
    // let _ = (k, fault);
    // todo!("lab 2: give the page a frame of its own")
    // FAULTLINE-END demand_zero
}

/// Takes a page out of an address space and gives back what it held.
///
/// Called for every page that munmap, exit or `MADV_DONTNEED` finds in the page
/// table: one with a frame, with the zero page, or with a note that the page is in
/// swap. If the hardware's dirty bit says that the page was written and the frame
/// belongs to the page cache (`k.frame(pfn).usage` tells), the page must be marked
/// dirty, or the write is lost.
pub fn unmap_page(k: &mut Kernel, page: Page) {
    // FAULTLINE-BEGIN unmap_page
    let old = k.unmap(page).shoot_down(k);
    if let Old::Frame { frame, dirty: true } = &old
        && let Usage::Object(_) = k.frame(frame.pfn()).usage
    {
        k.mark_dirty(frame.pfn());
    }
    k.put_old(old);
    // FAULTLINE-HANDOUT
    // let _ = (k, page);
    // todo!("lab 2: take the page out and give back what it held")
    // FAULTLINE-END unmap_page
}
