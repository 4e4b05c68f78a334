// Hannah & Ibrahim, lab 1 + 2
use vmsim::prelude::*;

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let vma = k.vma(fault.page);
    let z = k.zero_page();
    let o = k.map(fault.page, z, vma.rights().read_only()).never_cached(k);
    k.put_old(o);
    Ok(())
}

// New memory is empty, so it just has to be mapped.
pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let vma = k.vma(fault.page);
    let f = k.alloc()?;
    let o = k.map(fault.page, f, vma.rights()).shoot_down(k);
    k.put_old(o);
    Ok(())
}

pub fn unmap_page(k: &mut Kernel, page: Page) {
    let o = k.unmap(page).shoot_down(k);
    match &o {
        Old::Frame { frame, dirty } if *dirty => {
            let pfn = frame.pfn();
            if let Usage::Object(_) = k.frame(pfn).usage {
                k.mark_dirty(pfn);
            }
        }
        _ => {}
    }
    k.put_old(o);
}
