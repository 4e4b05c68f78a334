// Rosa, lab 5
use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    // The child gets everything read-only. The parent was there first, it keeps its rights.
    let frame = match k.entry(parent) {
        Entry::Zero => k.zero_page(),
        Entry::Object { pfn, .. } => k.get(pfn),
        Entry::Anon { pfn, .. } => {
            k.mark_shared(pfn);
            k.get(pfn)
        }
        Entry::None => return,
        Entry::Swapped(_) => return,
    };
    let rights = k.vma(child).rights().read_only();
    let old = k.map(child, frame, rights).never_cached(k);
    k.put_old(old);
}

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let theirs = k.get(pfn);
    let mine = k.alloc();
    if let Ok(mine) = mine {
        k.copy(&theirs, &mine);
        k.put(theirs);
        let old = k.map(fault.page, mine, rights).shoot_down(k);
        k.put_old(old);
        Ok(())
    } else {
        k.put(theirs);
        Err(OutOfMemory)
    }
}

pub fn reuse(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    k.mark_exclusive(pfn);
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
}
