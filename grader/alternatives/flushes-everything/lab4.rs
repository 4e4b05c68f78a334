// Lab 4. One long function each, all changes shot down. A private write to a cold page
// maps the page of the cache first, as a read would, and then puts the copy in its
// place: two changes of the entry in one fault.

use vmsim::prelude::*;

pub fn map_resident(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let vma = k.vma(fault.page);
    let file = match k.frame(pfn).usage {
        Usage::Object(page) => k.is_file(page),
        _ => false,
    };
    let rights = if file && !fault.is_write() {
        vma.rights().read_only()
    } else {
        vma.rights()
    };
    let frame = k.get(pfn);
    let nothing = k.map(fault.page, frame, rights).shoot_down(k);
    k.put_old(nothing);
    // The entry is there, the instruction has not been repeated yet: early enough.
    if file && fault.is_write() {
        k.mark_dirty(pfn);
    }
    Ok(())
}

pub fn file_read(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let vma = k.vma(fault.page);
    let private_write = vma.is_private() && fault.is_write();
    let copy = if private_write {
        Some(k.alloc()?)
    } else {
        None
    };
    let frame = match k.alloc() {
        Ok(frame) => frame,
        Err(error) => {
            if let Some(copy) = copy {
                k.put(copy);
            }
            return Err(error);
        }
    };
    let pfn = frame.pfn();
    k.read_file(page, &frame);
    k.insert_cache(page, &frame);

    let rights = if fault.is_write() && !private_write {
        k.mark_dirty(pfn);
        vma.rights()
    } else {
        vma.rights().read_only()
    };
    let nothing = k.map(fault.page, frame, rights).shoot_down(k);
    k.put_old(nothing);

    if let Some(copy) = copy {
        let original = k.get(pfn);
        k.copy(&original, &copy);
        k.put(original);
        let old = k.map(fault.page, copy, vma.rights()).shoot_down(k);
        k.put_old(old);
    }
    Ok(())
}

pub fn write_notify(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    // Flushing the other CPUs would be a mistake here: Linux leaves them alone. This one
    // may be flushed; it has forgotten the entry already.
    k.mark_dirty(pfn);
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).flush_local(k);
    k.put_old(old);
}

pub fn new_shared(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let frame = k.alloc()?;
    k.zero(&frame);
    let second = k.get(frame.pfn());
    let rights = k.vma(fault.page).rights();
    let nothing = k.map(fault.page, second, rights).shoot_down(k);
    k.put_old(nothing);
    k.insert_cache(page, &frame);
    k.put(frame);
    Ok(())
}

pub fn clean_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    for mapper in k.mappers(pfn) {
        let rights = k.vma(mapper).rights();
        let old = k.protect(mapper, rights.read_only()).shoot_down(k);
        k.put_old(old);
        let old = k.protect(mapper, rights.clean().read_only()).shoot_down(k);
        k.put_old(old);
    }
    k.write_file(page, pfn);
}
