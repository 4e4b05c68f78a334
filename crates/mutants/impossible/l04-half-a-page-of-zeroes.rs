use vmsim::prelude::*;

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let frame = k.alloc()?;
    frame[..2048].fill(0); // wrong
    // right: k.zero(&frame);
    let old = k.map(fault.page, frame, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}
