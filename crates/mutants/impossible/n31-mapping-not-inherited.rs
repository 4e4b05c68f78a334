use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let vma = k.vma(parent);
    k.process(child.pid).vmas.remove(vma.start, vma.end); // wrong
    // right: let _ = (vma, child);
}
