use vmsim::prelude::*;

pub fn protect_page(k: &mut Kernel, page: Page) {
    let rights = k.vma(page).rights();
    let change = k.protect(page, rights);
    let runs_here = k.processes[&page.pid].cpus == 1; // wrong
    // right: let runs_here = false;
    let old = if runs_here { change.flush_local(k) } else { change.shoot_down(k) };
    k.put_old(old);
}
