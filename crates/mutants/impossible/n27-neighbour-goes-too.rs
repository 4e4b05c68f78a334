use vmsim::prelude::*;

pub fn unmap_page(k: &mut Kernel, page: Page) {
    let merged = k.vma(page);
    k.process(page.pid).vmas.remove(merged.start, merged.end); // wrong
    // right: let _ = merged;
    let old = k.unmap(page).shoot_down(k);
    k.put_old(old);
}
