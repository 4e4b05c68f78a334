// Gustav, labs 1 and 5

use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let rights = k.vma(child).rights().read_only();
    match k.entry(parent) {
        Entry::Anon { pfn, .. } => {
            let frame = k.get(pfn);
            k.mark_shared(pfn);
            let old = k.protect(parent, rights).shoot_down(k);
            k.put_old(old);
            let old = k.map(child, frame, rights).never_cached(k);
            k.put_old(old);
        }
        Entry::Object { pfn, .. } => {
            let frame = k.get(pfn);
            let old = k.map(child, frame, rights).never_cached(k);
            k.put_old(old);
        }
        Entry::Zero => {
            let frame = k.zero_page();
            let old = k.map(child, frame, rights).never_cached(k);
            k.put_old(old);
        }
        _ => (),
    }
}

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let from = k.get(pfn);
    match k.alloc() {
        Err(e) => {
            k.put(from);
            Err(e)
        }
        Ok(to) => {
            k.copy(&from, &to);
            k.put(from);
            let rights = k.vma(fault.page).rights();
            let old = k.map(fault.page, to, rights).shoot_down(k);
            k.put_old(old);
            Ok(())
        }
    }
}

pub fn reuse(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let rights = k.vma(fault.page).rights();
    k.mark_exclusive(pfn);
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
}
