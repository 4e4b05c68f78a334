// L. Lindqvist, assignment 2
use vmsim::prelude::*;

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let r = k.vma(fault.page).rights();
    let f = k.zero_page();
    let old = k.map(fault.page, f, r.read_only()).never_cached(k);
    Ok(k.put_old(old))
}

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let r = k.vma(fault.page).rights();
    let f = k.alloc()?;
    k.zero(&f);
    let old = k.map(fault.page, f, r).shoot_down(k);
    Ok(k.put_old(old))
}

/// take it out, flush, give it back. What is the dirty bit for??
pub fn unmap_page(k: &mut Kernel, page: Page) {
    let old = k.unmap(page).shoot_down(k);
    k.put_old(old);
}
