// Lab 2. Everything that a function needs is in its hands before it changes anything:
// frames first, then rights, then one change. A page that showed nothing need not be
// flushed, one that showed the zero page must be.

use vmsim::prelude::*;

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let (zero, rights) = (k.zero_page(), k.vma(fault.page).rights());
    let change = k.map(fault.page, zero, rights.read_only());
    let old = change.never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let frame = k.alloc()?;
    let rights = k.vma(fault.page).rights();
    let showed_zeroes = k.entry(fault.page) == Entry::Zero;
    k.zero(&frame);
    let change = k.map(fault.page, frame, rights);
    let old = match showed_zeroes {
        true => change.shoot_down(k),
        false => change.never_cached(k),
    };
    k.put_old(old);
    Ok(())
}

pub fn unmap_page(k: &mut Kernel, page: Page) {
    // An extra reference keeps the frame while I look at it.
    let held = match k.entry(page) {
        Entry::Object { pfn, .. } => Some(k.get(pfn)),
        _ => None,
    };
    let old = k.unmap(page).shoot_down(k);
    let written = matches!(old, Old::Frame { dirty: true, .. });
    k.put_old(old);
    if let Some(frame) = held {
        if written {
            k.mark_dirty(frame.pfn());
        }
        k.put(frame);
    }
}
