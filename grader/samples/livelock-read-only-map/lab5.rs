// Dana / lab 5
use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let vma = k.vma(parent);
    match k.entry(parent) {
        Entry::Zero => {
            let frame = k.zero_page();
            give(k, child, frame, vma.rights().read_only());
        }
        Entry::Object { pfn, .. } => {
            let frame = k.get(pfn);
            give(k, child, frame, vma.rights().read_only());
        }
        Entry::Anon { pfn, .. } => {
            k.mark_shared(pfn);
            let old = k.protect(parent, vma.rights().read_only()).shoot_down(k);
            k.put_old(old);
            let frame = k.get(pfn);
            give(k, child, frame, vma.rights().read_only());
        }
        Entry::None | Entry::Swapped(_) => {}
    }
}

fn give(k: &mut Kernel, page: Page, frame: vmsim::refs::FrameRef, rights: vmsim::pte::Rights) {
    let old = k.map(page, frame, rights).never_cached(k);
    k.put_old(old);
}

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let from = k.get(pfn);
    let Ok(to) = k.alloc() else {
        k.put(from);
        return Err(OutOfMemory);
    };
    k.copy(&from, &to);
    k.put(from);
    let rights = k.vma(fault.page).rights();
    let old = k.map(fault.page, to, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}

pub fn reuse(k: &mut Kernel, fault: &PageFault, _pfn: Pfn) {
    // I am the only one, so the page can stay as it is (read-only is always safe)
    let rights = k.vma(fault.page).rights().read_only();
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
}
