// Lab 2 - Ada

use vmsim::prelude::*;

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let frame = k.zero_page();
    let rights = k.vma(fault.page).rights().read_only(); // never writable, it is everybody's
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let frame = k.alloc()?;
    k.zero(&frame);
    let rights = k.vma(fault.page).rights();
    let change = k.map(fault.page, frame, rights);
    // the zero page may have been here before, and any CPU may have read it
    let old = change.shoot_down(k);
    k.put_old(old);
    Ok(())
}

pub fn unmap_page(k: &mut Kernel, page: Page) {
    let old = k.unmap(page).shoot_down(k);

    let Old::Frame { frame, dirty } = old else {
        k.put_old(old); // a swap slot, or nothing
        return;
    };
    if dirty && matches!(k.frame(frame.pfn()).usage, Usage::Object(_)) {
        k.mark_dirty(frame.pfn());
    }
    k.put(frame);
}
