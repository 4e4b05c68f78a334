// Lab 5. The child gets its entry first, and the parent loses its right afterwards; fork
// protects every entry of the parent, whatever it shows. The writer's old entry is taken
// out and shot down before the copy goes in.

use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let rights = k.vma(parent).rights().read_only();
    let (frame, private) = match k.entry(parent) {
        Entry::None | Entry::Swapped(_) => return,
        Entry::Zero => (k.zero_page(), None),
        Entry::Object { pfn, .. } => (k.get(pfn), None),
        Entry::Anon { pfn, .. } => (k.get(pfn), Some(pfn)),
    };
    let nothing = k.map(child, frame, rights).shoot_down(k);
    k.put_old(nothing);
    let old = k.protect(parent, rights).shoot_down(k);
    k.put_old(old);
    if let Some(pfn) = private {
        k.mark_shared(pfn);
    }
}

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let original = k.get(pfn);
    let copy = match k.alloc() {
        Ok(copy) => copy,
        Err(error) => {
            k.put(original);
            return Err(error);
        }
    };
    // Out first: no CPU shows the old page any more when the new one goes in.
    let old = k.unmap(fault.page).shoot_down(k);
    k.put_old(old);
    k.copy(&original, &copy);
    let rights = k.vma(fault.page).rights();
    let nothing = k.map(fault.page, copy, rights).shoot_down(k);
    k.put_old(nothing);
    k.put(original);
    Ok(())
}

pub fn reuse(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    // The one place where shooting down would be wrong: a right is only added.
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).flush_local(k);
    k.put_old(old);
    k.mark_exclusive(pfn);
}
