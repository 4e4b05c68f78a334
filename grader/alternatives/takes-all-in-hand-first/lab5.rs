// Lab 5. The references for both processes are taken before either entry is changed; the
// old frame of a writer is given back at the very end, when its copy is in place.

use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let rights = k.vma(parent).rights().read_only();
    let entry = k.entry(parent);
    let second = match entry {
        Entry::Zero => k.zero_page(),
        Entry::Anon { pfn, .. } | Entry::Object { pfn, .. } => k.get(pfn),
        Entry::None | Entry::Swapped(_) => return,
    };
    let old = k.map(child, second, rights).never_cached(k);
    k.put_old(old);
    if let Entry::Anon { pfn, writable } = entry {
        if writable {
            let old = k.protect(parent, rights).shoot_down(k);
            k.put_old(old);
        }
        k.mark_shared(pfn);
    }
}

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let source = k.get(pfn);
    let fresh = match k.alloc() {
        Ok(fresh) => fresh,
        Err(out_of_memory) => {
            k.put(source);
            return Err(out_of_memory);
        }
    };
    k.copy(&source, &fresh);
    let rights = k.vma(fault.page).rights();
    let flush = !matches!(k.entry(fault.page), Entry::None | Entry::Swapped(_));
    let change = k.map(fault.page, fresh, rights);
    let old = if flush {
        change.shoot_down(k)
    } else {
        change.never_cached(k)
    };
    k.put(source);
    k.put_old(old);
    Ok(())
}

pub fn reuse(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let mine = k.get(pfn);
    let rights = k.vma(fault.page).rights();
    let change = k.protect(fault.page, rights);
    let old = change.only_widens(k);
    k.put_old(old);
    k.mark_exclusive(mine.pfn());
    k.put(mine);
}
