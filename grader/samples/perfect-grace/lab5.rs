//! Grace, lab 5.

use super::lab2::{install, replace};
use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let frame = match k.entry(parent) {
        Entry::None | Entry::Swapped(_) => None,
        Entry::Zero => Some(k.zero_page()),
        Entry::Object { pfn, .. } => Some(k.get(pfn)),
        Entry::Anon { pfn, .. } => {
            let both = k.get(pfn);
            disarm(k, parent);
            k.mark_shared(pfn);
            Some(both)
        }
    };
    let rights = k.vma(child).rights().read_only();
    frame.into_iter().for_each(|frame| install(k, child, frame, rights));
}

/// Takes the parent's right to write away, on all CPUs.
fn disarm(k: &mut Kernel, page: Page) {
    let rights = k.vma(page).rights().read_only();
    let same_frame = k.protect(page, rights).shoot_down(k);
    k.put_old(same_frame);
}

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let source = k.get(pfn); // pinned while alloc looks for victims
    let done = k.alloc().map(|copy| {
        k.copy(&source, &copy);
        let rights = k.vma(fault.page).rights();
        replace(k, fault.page, copy, rights);
    });
    k.put(source);
    done
}

pub fn reuse(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let rights = k.vma(fault.page).rights();
    let same_frame = k.protect(fault.page, rights).only_widens(k);
    k.put_old(same_frame);
    k.mark_exclusive(pfn);
}
