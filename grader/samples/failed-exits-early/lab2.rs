// Cem, lab 2
use vmsim::prelude::*;

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let rights = k.vma(fault.page).rights().read_only();
    let frame = k.zero_page();
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let frame = match k.alloc() {
        Ok(frame) => frame,
        Err(_) => {
            // no memory left, nothing we can do about it
            println!("out of memory");
            std::process::exit(0);
        }
    };
    k.zero(&frame);
    let rights = k.vma(fault.page).rights();
    let old = k.map(fault.page, frame, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}

pub fn unmap_page(k: &mut Kernel, page: Page) {
    let old = k.unmap(page).shoot_down(k);
    if let Old::Frame { frame, dirty: true } = &old {
        let pfn = frame.pfn();
        if let Usage::Object(_) = k.frame(pfn).usage {
            k.mark_dirty(pfn);
        }
    }
    k.put_old(old);
}
