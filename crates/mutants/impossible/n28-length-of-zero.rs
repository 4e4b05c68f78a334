use vmsim::prelude::*;

pub fn unmap_page(k: &mut Kernel, page: Page) {
    let _errno = vmsim::syscalls::munmap::munmap(k, page.pid, page.vpn.start(), 0); // wrong
    // right: let old = k.unmap(page).shoot_down(k);
    // right: k.put_old(old);
}
