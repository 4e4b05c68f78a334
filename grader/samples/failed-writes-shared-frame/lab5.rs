// Lab 5, Quentin
use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let ro = k.vma(parent).rights().read_only();
    let entry = k.entry(parent);
    let frame = match entry {
        Entry::Zero => k.zero_page(),
        Entry::Anon { pfn, .. } | Entry::Object { pfn, .. } => k.get(pfn),
        _ => return,
    };
    if let Entry::Anon { pfn, .. } = entry {
        k.mark_shared(pfn);
        let old = k.protect(parent, ro).shoot_down(k);
        k.put_old(old);
    }
    let old = k.map(child, frame, ro).never_cached(k);
    k.put_old(old);
}

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, _pfn: Pfn) -> Repaired {
    // the program wants to write, so let it write: set W
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
    Ok(())
}

pub fn reuse(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
    k.mark_exclusive(pfn);
}
