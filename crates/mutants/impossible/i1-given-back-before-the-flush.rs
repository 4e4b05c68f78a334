use vmsim::prelude::*;

pub fn unmap_page(k: &mut Kernel, page: Page) {
    let change = k.unmap(page);
    k.put_old(change.old); // wrong
    // right: let old = change.shoot_down(k);
    // right: k.put_old(old);
}
