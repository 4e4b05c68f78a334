// Lab 6. All the rights of the VMA, whoever has to notice; nobody is told.

use vmsim::prelude::*;

pub fn protect_page(k: &mut Kernel, page: Page) {
    let rights = k.vma(page).rights();
    let old = k.protect(page, rights).only_widens(k);
    k.put_old(old);
}

pub fn spurious(k: &mut Kernel, fault: &PageFault) {
    k.shoot_down(fault.page);
}
