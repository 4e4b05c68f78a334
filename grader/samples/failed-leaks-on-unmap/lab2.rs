// Klara - lab 2

use vmsim::prelude::*;

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let zero = k.zero_page();
    let vma = k.vma(fault.page);
    let change = k.map(fault.page, zero, vma.rights().read_only());
    let old = change.never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let frame = k.alloc()?;
    k.zero(&frame);
    let vma = k.vma(fault.page);
    let change = k.map(fault.page, frame, vma.rights());
    let old = change.shoot_down(k);
    k.put_old(old);
    Ok(())
}

pub fn unmap_page(k: &mut Kernel, page: Page) {
    match k.unmap(page).shoot_down(k) {
        Old::Frame { frame, dirty } => {
            if dirty {
                if let Usage::Object(_) = k.frame(frame.pfn()).usage {
                    k.mark_dirty(frame.pfn());
                }
            }
            // Rust drops `frame` here, that frees it (RAII)
        }
        Old::Slot(slot) => k.put_slot(slot),
        Old::Nothing => {}
    }
}
