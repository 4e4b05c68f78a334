use vmsim::prelude::*;
use vmsim::pte::Pte;

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let frame = k.alloc()?;
    k.zero(&frame);
    k.write_entry(fault.page, Pte::page(frame.pfn(), rights)); // wrong
    // right: let old = k.map(fault.page, frame, rights).shoot_down(k);
    // right: k.put_old(old);
    Ok(())
}
