// Lab 5. fork takes the right to write away only where the parent has it, and tells
// the CPUs only if one of them can know of it. `reuse` flushes on this CPU, which has
// forgotten the entry anyway when it faulted: that costs nothing and harms nobody.

use super::lab2::{finish, may_be_cached};
use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let entry = k.entry(parent);
    let rights = k.vma(child).rights().read_only();
    if let Entry::Anon { pfn, .. } = entry {
        k.mark_shared(pfn);
    }
    if let Entry::Anon { writable: true, .. } = entry {
        let known = may_be_cached(k, parent);
        let change = k.protect(parent, rights);
        finish(k, change, known);
    }
    let Some(pfn) = k.mm(parent.pid).pte(parent.vpn).frame() else {
        return;
    };
    let second = k.get(pfn);
    let change = k.map(child, second, rights);
    finish(k, change, false);
}

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let source = k.get(pfn);
    let Ok(copy) = k.alloc() else {
        k.put(source);
        return Err(OutOfMemory);
    };
    k.copy(&source, &copy);
    k.put(source);
    let known = may_be_cached(k, fault.page);
    let rights = k.vma(fault.page).rights();
    let change = k.map(fault.page, copy, rights);
    finish(k, change, known);
    Ok(())
}

pub fn reuse(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).flush_local(k);
    k.put_old(old);
    k.mark_exclusive(pfn);
}
