use vmsim::prelude::*;
use vmsim::prot::Prot;

pub fn protect_page(k: &mut Kernel, page: Page) {
    for vma in k.mm(page.pid).vmas().iter() {
        vma.prot = Prot::READ; // wrong
        // right: let _ = (vma, Prot::READ);
    }
}
