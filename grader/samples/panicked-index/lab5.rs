// Zoe, lab 5
use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let read_only = k.vma(parent).rights().read_only();
    let frame = match k.entry(parent) {
        Entry::Zero => k.zero_page(),
        Entry::Object { pfn, .. } => k.get(pfn),
        Entry::Anon { pfn, .. } => {
            let frame = k.get(pfn);
            k.mark_shared(pfn);
            let old = k.protect(parent, read_only).shoot_down(k);
            k.put_old(old);
            frame
        }
        _ => return,
    };
    let old = k.map(child, frame, read_only).never_cached(k);
    k.put_old(old);
}

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    // there are always two: the parent and the child
    let owners = k.mappers(pfn);
    let (_parent, _child) = (owners[0], owners[1]);

    let shared = k.get(pfn);
    let copy = match k.alloc() {
        Ok(copy) => copy,
        Err(error) => {
            k.put(shared);
            return Err(error);
        }
    };
    k.copy(&shared, &copy);
    k.put(shared);
    let rights = k.vma(fault.page).rights();
    let old = k.map(fault.page, copy, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}

pub fn reuse(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
    k.mark_exclusive(pfn);
}
