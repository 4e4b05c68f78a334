use vmsim::prelude::*;

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let frame = k.alloc()?;
    k.zero(&frame);
    let Ok(change) = k.map(fault.page, frame, rights) else { return Err(OutOfMemory) }; // wrong
    // right: let change = k.map(fault.page, frame, rights);
    let old = change.shoot_down(k);
    k.put_old(old);
    Ok(())
}
