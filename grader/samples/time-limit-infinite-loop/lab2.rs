// Wanda, lab 2
use vmsim::prelude::*;

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let zero = k.zero_page();
    let rights = k.vma(fault.page).rights().read_only();
    let old = k.map(fault.page, zero, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    // look for the start of the area, to align the new page to it
    let vma = k.vma(fault.page);
    let mut start = fault.page.vpn;
    while start != vma.start {
        if start.0 % 2 == 0 {
            start = Vpn(start.0 - 1);
        } else {
            start = Vpn(start.0 + 1); // TODO: why does this hang with the second page?
        }
    }
    let frame = k.alloc()?;
    k.zero(&frame);
    let old = k.map(fault.page, frame, vma.rights()).shoot_down(k);
    k.put_old(old);
    Ok(())
}

pub fn unmap_page(k: &mut Kernel, page: Page) {
    let old = k.unmap(page).shoot_down(k);
    if let Old::Frame { frame, dirty: true } = &old {
        if let Usage::Object(_) = k.frame(frame.pfn()).usage {
            k.mark_dirty(frame.pfn());
        }
    }
    k.put_old(old);
}
