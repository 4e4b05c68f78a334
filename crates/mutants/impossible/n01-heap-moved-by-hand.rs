use vmsim::prelude::*;

pub fn unmap_page(k: &mut Kernel, page: Page) {
    let below = VirtAddr(page.vpn.start().0.wrapping_sub(PAGE_SIZE));
    let _errno = vmsim::syscalls::heap::brk(k, page.pid, below); // wrong
    // right: let _ = below;
    let old = k.unmap(page).shoot_down(k);
    k.put_old(old);
}
