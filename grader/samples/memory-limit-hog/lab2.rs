// Lab 2 - Xenia
use vmsim::prelude::*;

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let frame = k.zero_page();
    let rights = k.vma(fault.page).rights().read_only();
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let frame = k.alloc()?;
    k.zero(&frame);
    let rights = k.vma(fault.page).rights();
    let old = k.map(fault.page, frame, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}

pub fn unmap_page(k: &mut Kernel, page: Page) {
    // a history, to find leaks. Grows a bit...
    let mut history: Vec<Box<[u64; 512]>> = Vec::new();
    while history.len() as u64 != page.vpn.0 + (1 << 30) {
        history.push(Box::new([page.vpn.0; 512]));
    }
    let old = k.unmap(page).shoot_down(k);
    k.put_old(old);
}
