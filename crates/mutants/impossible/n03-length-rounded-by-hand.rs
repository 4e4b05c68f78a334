use vmsim::prelude::*;

pub fn unmap_page(k: &mut Kernel, page: Page) {
    let len = 6000;
    let _range = vmsim::syscalls::page_range(page.vpn.start(), len + len % PAGE_SIZE); // wrong
    // right: let _ = len;
    let old = k.unmap(page).shoot_down(k);
    k.put_old(old);
}
