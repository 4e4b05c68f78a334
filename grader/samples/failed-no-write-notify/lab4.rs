// Lab 4 - Marta W.
// Simplification: if the VMA is shared and writable, map it writable right away,
// then there is one fault less.

use vmsim::prelude::*;

pub fn map_resident(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let vma = k.vma(fault.page);
    let file = match k.frame(pfn).usage {
        Usage::Object(page) => k.is_file(page),
        _ => false,
    };
    if file && fault.is_write() {
        k.mark_dirty(pfn);
    }
    let rights = if vma.is_private() { vma.rights().read_only() } else { vma.rights() };
    let frame = k.get(pfn);
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn file_read(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let frame = k.alloc()?;
    k.read_file(page, &frame);
    k.insert_cache(page, &frame);
    if fault.is_write() && k.vma(fault.page).is_private() {
        let result = private_copy(k, fault, &frame);
        k.put(frame);
        return result;
    }
    let result = map_resident(k, fault, frame.pfn());
    k.put(frame);
    result
}

fn private_copy(k: &mut Kernel, fault: &PageFault, from: &vmsim::refs::FrameRef) -> Repaired {
    let copy = k.alloc()?;
    k.copy(from, &copy);
    let rights = k.vma(fault.page).rights();
    let old = k.map(fault.page, copy, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn write_notify(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    if let Usage::Object(_) = k.frame(pfn).usage {
        k.mark_dirty(pfn);
    }
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
}

pub fn new_shared(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let frame = k.alloc()?;
    k.zero(&frame);
    k.insert_cache(page, &frame);
    let rights = k.vma(fault.page).rights();
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn clean_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    for m in k.mappers(pfn) {
        let rights = k.vma(m).rights();
        let old = k.protect(m, rights.read_only().clean()).shoot_down(k);
        k.put_old(old);
    }
    k.write_file(page, pfn);
}
