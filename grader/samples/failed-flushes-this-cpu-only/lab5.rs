// Lab 5 -- Sven
// (all tests green with cpus=1)

use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let vma = k.vma(parent);
    let weak = vma.rights().read_only();
    match k.entry(parent) {
        Entry::None | Entry::Swapped(_) => {}
        Entry::Zero => {
            let zero = k.zero_page();
            let old = k.map(child, zero, weak).never_cached(k);
            k.put_old(old);
        }
        Entry::Object { pfn, .. } => {
            let again = k.get(pfn);
            let old = k.map(child, again, weak).never_cached(k);
            k.put_old(old);
        }
        Entry::Anon { pfn, .. } => {
            let again = k.get(pfn);
            let old = k.protect(parent, weak).shoot_down(k);
            k.put_old(old);
            k.mark_shared(pfn);
            let old = k.map(child, again, weak).never_cached(k);
            k.put_old(old);
        }
    }
}

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let source = k.get(pfn);
    let dest = match k.alloc() {
        Ok(dest) => dest,
        Err(full) => {
            k.put(source);
            return Err(full);
        }
    };
    k.copy(&source, &dest);
    k.put(source);
    let rights = k.vma(fault.page).rights();
    let old = k.map(fault.page, dest, rights).flush_local(k);
    k.put_old(old);
    Ok(())
}

pub fn reuse(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    k.mark_exclusive(pfn);
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
}
