// Lab 5. A page is shared by the same closure for all kinds of frames. A copy is put in
// place in two steps: read-only first, with all CPUs told, and then with all rights,
// which only widens.

use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let rights = k.vma(child).rights().read_only();
    let shared = match k.entry(parent) {
        Entry::Zero => Some(k.zero_page()),
        Entry::Object { pfn, .. } => Some(k.get(pfn)),
        Entry::Anon { pfn, .. } => {
            let old = k.protect(parent, rights).shoot_down(k);
            k.put_old(old);
            k.mark_shared(pfn);
            Some(k.get(pfn))
        }
        Entry::None | Entry::Swapped(_) => None,
    };
    shared
        .map(|frame| k.map(child, frame, rights).never_cached(k))
        .into_iter()
        .for_each(|old| k.put_old(old));
}

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let source = k.get(pfn);
    let copy = k.alloc().inspect(|copy| k.copy(&source, copy));
    k.put(source);
    copy.map(|copy| {
        let old = k.map(fault.page, copy, rights.read_only()).shoot_down(k);
        k.put_old(old);
        let old = k.protect(fault.page, rights).only_widens(k);
        k.put_old(old);
    })
}

pub fn reuse(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    k.mark_exclusive(pfn);
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
}
