use vmsim::prelude::*;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let _ = (&k, parent);
    let mut vma = k.vma(child);
    if let Backing::Object { first, .. } = &mut vma.backing {
        *first = 0;
    }
    k.process(child.pid).vmas.insert(vma); // wrong
}
