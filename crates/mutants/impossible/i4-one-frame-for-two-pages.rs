use vmsim::prelude::*;

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let next = Page { vpn: Vpn(fault.page.vpn.0 + 1), ..fault.page };
    let frame = k.alloc()?;
    k.zero(&frame);
    // right: let second = k.alloc()?;
    for (page, frame) in [
        (fault.page, frame),
        (next, frame), // wrong
        // right: (next, second),
    ] {
        let old = k.map(page, frame, rights).shoot_down(k);
        k.put_old(old);
    }
    Ok(())
}
