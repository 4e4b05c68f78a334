use vmsim::prelude::*;

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let shared = k.get(pfn);
    let copy = k.alloc()?;
    let whole_page = fault.size == PAGE_SIZE; // wrong
    // right: let whole_page = false;
    if !whole_page {
        k.copy(&shared, &copy);
    }
    k.put(shared);
    let old = k.map(fault.page, copy, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}
