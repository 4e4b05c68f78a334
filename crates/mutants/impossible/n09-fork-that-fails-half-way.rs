use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let rights = k.vma(parent).rights();
    let copy = k.alloc()?; // wrong
    // right: let Ok(copy) = k.alloc() else { return };
    let old = k.map(child, copy, rights).never_cached(k);
    k.put_old(old);
}
