use vmsim::prelude::*;

pub fn unmap_page(k: &mut Kernel, page: Page) {
    let end = k.vma(page).end;
    k.process(page.pid).vmas.remove(page.vpn, end); // wrong
    // right: let _ = end;
    let old = k.unmap(page).shoot_down(k);
    k.put_old(old);
}
