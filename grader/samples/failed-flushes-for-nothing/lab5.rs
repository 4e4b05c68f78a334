// Lab 5 - Ada

use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let read_only = k.vma(parent).rights().read_only();
    let entry = k.entry(parent);

    if let Entry::Zero = entry {
        let zero = k.zero_page();
        let old = k.map(child, zero, read_only).never_cached(k);
        k.put_old(old);
        return;
    }

    let (Entry::Anon { pfn, .. } | Entry::Object { pfn, .. }) = entry else {
        return;
    };
    if let Entry::Anon { .. } = entry {
        // two owners from now on, so the parent has to ask before it writes, too
        k.mark_shared(pfn);
        let old = k.protect(parent, read_only).shoot_down(k);
        k.put_old(old);
    }
    let second = k.get(pfn);
    let old = k.map(child, second, read_only).never_cached(k);
    k.put_old(old);
}

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    // hold on to it, alloc may throw pages out
    let original = k.get(pfn);
    let Ok(copy) = k.alloc() else {
        k.put(original);
        return Err(OutOfMemory);
    };
    k.copy(&original, &copy);
    k.put(original);

    let rights = k.vma(fault.page).rights();
    let old = k.map(fault.page, copy, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}

pub fn reuse(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    k.mark_exclusive(pfn);
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
}
