// Lab 4 - Ada

use vmsim::prelude::*;

pub fn map_resident(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let mut rights = k.vma(fault.page).rights();
    if belongs_to_file(k, pfn) {
        if fault.is_write() {
            k.mark_dirty(pfn);
        } else {
            rights = rights.read_only(); // so that we hear of the first write
        }
    }
    let frame = k.get(pfn);
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

fn belongs_to_file(k: &Kernel, pfn: Pfn) -> bool {
    let Usage::Object(page) = k.frame(pfn).usage else {
        return false;
    };
    k.is_file(page)
}

pub fn file_read(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let frame = k.alloc()?;
    k.read_file(page, &frame);
    k.insert_cache(page, &frame);

    if !fault.is_write() || !k.vma(fault.page).is_private() {
        let result = map_resident(k, fault, frame.pfn());
        k.put(frame);
        return result;
    }

    // private write: the file must not see it. I keep `frame` until the copy is done.
    let Ok(copy) = k.alloc() else {
        k.put(frame);
        return Err(OutOfMemory);
    };
    k.copy(&frame, &copy);
    k.put(frame);
    let rights = k.vma(fault.page).rights();
    let old = k.map(fault.page, copy, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn write_notify(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    if matches!(k.frame(pfn).usage, Usage::Object(_)) {
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
    // first nobody may write any more, then write. Not the other way round!
    for mapper in k.mappers(pfn) {
        let rights = k.vma(mapper).rights().read_only().clean();
        let old = k.protect(mapper, rights).shoot_down(k);
        k.put_old(old);
    }
    k.write_file(page, pfn);
}
