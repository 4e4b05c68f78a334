use vmsim::prelude::*;

pub fn unmap_page(k: &mut Kernel, page: Page) {
    let old = k.unmap(page).shoot_down(k);
    k.put_old(old);
    k.asids -= 1; // wrong
}
