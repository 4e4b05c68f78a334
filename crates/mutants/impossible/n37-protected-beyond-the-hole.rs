use vmsim::prelude::*;
use vmsim::prot::Prot;

pub fn protect_page(k: &mut Kernel, page: Page) {
    let (next, prot) = (Vpn(page.vpn.0 + 2).start(), Prot::READ);
    let _errno = vmsim::syscalls::mprotect::mprotect(k, page.pid, next, PAGE_SIZE, prot); // wrong
    // right: let _ = (k, next, prot);
}
