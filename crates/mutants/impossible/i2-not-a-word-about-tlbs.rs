use vmsim::prelude::*;

pub fn unmap_page(k: &mut Kernel, page: Page) {
    k.unmap(page); // wrong
    // right: let old = k.unmap(page).shoot_down(k);
    // right: k.put_old(old);
}
