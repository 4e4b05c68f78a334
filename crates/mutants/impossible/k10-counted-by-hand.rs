use vmsim::prelude::*;

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let rights = k.vma(fault.page).rights().read_only();
    let zero = k.zero_page();
    let old = k.map(fault.page, zero, rights).never_cached(k);
    k.put_old(old);
    k.process(fault.page.pid).major_faults += 1; // wrong
    Ok(())
}
