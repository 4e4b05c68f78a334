use vmsim::prelude::*;

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let frame = k.get(fault.page.vpn); // wrong
    // right: let frame = k.alloc()?;
    k.zero(&frame);
    let old = k.map(fault.page, frame, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}
