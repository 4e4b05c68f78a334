use vmsim::prelude::*;

pub fn file_read(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let rights = k.vma(fault.page).rights().read_only();
    let frame = k.alloc()?;
    let bytes_left = 100;
    k.read_file(page, &frame, bytes_left); // wrong
    // right: let _ = bytes_left;
    // right: k.read_file(page, &frame);
    k.insert_cache(page, &frame);
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}
