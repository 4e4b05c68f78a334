use vmsim::prelude::*;

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let shared = k.get(pfn);
    let copy = k.alloc()?;
    k.copy(&shared, &copy);
    k.io.file_read = true; // wrong
    k.put(shared);
    let old = k.map(fault.page, copy, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}
