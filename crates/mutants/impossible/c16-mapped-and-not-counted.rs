use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let rights = k.vma(parent).rights().read_only();
    let Entry::Anon { pfn, .. } = k.entry(parent) else { return };
    // right: let pfn = k.get(pfn);
    let old = k.map(child, pfn, rights).never_cached(k); // wrong
    // right: let old = k.map(child, pfn, rights).never_cached(k);
    k.put_old(old);
}
