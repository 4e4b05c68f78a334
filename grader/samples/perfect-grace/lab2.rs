//! Grace, lab 2. `install` and `release` are used by the later labs as well.

use vmsim::prelude::*;
use vmsim::pte::Rights;
use vmsim::refs::FrameRef;

/// Puts a frame where a page was not present before (so no TLB knows it).
pub fn install(k: &mut Kernel, page: Page, frame: FrameRef, rights: Rights) {
    let nothing = k.map(page, frame, rights).never_cached(k);
    k.put_old(nothing);
}

/// Puts a frame in the place of another one that CPUs may remember.
pub fn replace(k: &mut Kernel, page: Page, frame: FrameRef, rights: Rights) {
    let before = k.map(page, frame, rights).shoot_down(k);
    k.put_old(before);
}

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let zero = k.zero_page();
    let rights = k.vma(fault.page).rights();
    install(k, fault.page, zero, rights.read_only());
    Ok(())
}

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    k.alloc().map(|frame| {
        k.zero(&frame);
        let rights = k.vma(fault.page).rights();
        // only a page that showed the zero page can be in a TLB
        match k.entry(fault.page) {
            Entry::None => install(k, fault.page, frame, rights),
            _ => replace(k, fault.page, frame, rights),
        }
    })
}

pub fn unmap_page(k: &mut Kernel, page: Page) {
    match k.unmap(page).shoot_down(k) {
        Old::Nothing => {}
        Old::Slot(slot) => k.put_slot(slot),
        Old::Frame { frame, dirty } => {
            match (k.frame(frame.pfn()).usage, dirty) {
                (Usage::Object(_), true) => k.mark_dirty(frame.pfn()),
                _ => {} // clean, or private: nobody wants the bytes any more
            }
            k.put(frame);
        }
    }
}
