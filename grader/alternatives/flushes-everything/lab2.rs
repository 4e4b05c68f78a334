// Lab 2. Every change is shot down, also where nothing can be remembered: I would rather
// pay for a flush than argue about it. And what was there is taken out and given back
// before the new frame goes in.

use vmsim::prelude::*;

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let old = k.unmap(fault.page).shoot_down(k);
    k.put_old(old);
    let zero = k.zero_page();
    let rights = k.vma(fault.page).rights().read_only();
    let nothing = k.map(fault.page, zero, rights).shoot_down(k);
    k.put_old(nothing);
    Ok(())
}

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let frame = k.alloc()?;
    let old = k.unmap(fault.page).shoot_down(k);
    k.put_old(old);
    k.zero(&frame);
    let rights = k.vma(fault.page).rights();
    let nothing = k.map(fault.page, frame, rights).shoot_down(k);
    k.put_old(nothing);
    Ok(())
}

pub fn unmap_page(k: &mut Kernel, page: Page) {
    k.shoot_down(page);
    let change = k.unmap(page);
    match change.shoot_down(k) {
        Old::Nothing => {}
        Old::Slot(slot) => k.put_slot(slot),
        Old::Frame { frame, dirty } => {
            let pfn = frame.pfn();
            let cached = matches!(k.frame(pfn).usage, Usage::Object(_));
            if cached && dirty {
                k.mark_dirty(pfn);
            }
            k.put(frame);
        }
    }
}
