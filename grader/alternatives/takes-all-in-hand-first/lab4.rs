// Lab 4. Two frames are taken up front where two are needed, and pages are mapped before
// they are put into the page cache: nobody else runs in between, and the end is the same.

use vmsim::prelude::*;

pub fn map_resident(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let frame = k.get(pfn);
    let vma = k.vma(fault.page);
    let must_notice = matches!(k.frame(pfn).usage, Usage::Object(page) if k.is_file(page));
    let rights = match (must_notice, fault.access) {
        (true, Access::Read | Access::Exec) => vma.rights().read_only(),
        (true, Access::Write) => {
            k.mark_dirty(pfn);
            vma.rights()
        }
        (false, _) => vma.rights(),
    };
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn file_read(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let vma = k.vma(fault.page);
    let write = fault.is_write();
    if write && vma.is_private() {
        return private_write(k, fault, page);
    }
    let frame = k.alloc()?;
    k.read_file(page, &frame);
    let mine = k.get(frame.pfn());
    let rights = if write {
        vma.rights()
    } else {
        vma.rights().read_only()
    };
    let old = k.map(fault.page, mine, rights).never_cached(k);
    k.put_old(old);
    k.insert_cache(page, &frame);
    if write {
        k.mark_dirty(frame.pfn());
    }
    k.put(frame);
    Ok(())
}

fn private_write(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let copy = k.alloc()?;
    let Ok(frame) = k.alloc() else {
        k.put(copy);
        return Err(OutOfMemory);
    };
    k.read_file(page, &frame);
    k.copy(&frame, &copy);
    // The copy is mapped first, and the page goes into the cache last.
    let old = k.map(fault.page, copy, rights).never_cached(k);
    k.put_old(old);
    k.insert_cache(page, &frame);
    k.put(frame);
    Ok(())
}

pub fn write_notify(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let frame = k.get(pfn);
    let rights = k.vma(fault.page).rights();
    k.mark_dirty(frame.pfn());
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
    k.put(frame);
}

pub fn new_shared(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let frame = k.alloc()?;
    let mine = k.get(frame.pfn());
    k.zero(&frame);
    let rights = k.vma(fault.page).rights();
    let old = k.map(fault.page, mine, rights).never_cached(k);
    k.put_old(old);
    k.insert_cache(page, &frame);
    k.put(frame);
    Ok(())
}

pub fn clean_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    let frame = k.get(pfn);
    let mut mappers = k.mappers(pfn);
    while let Some(mapper) = mappers.pop() {
        let rights = k.vma(mapper).rights().clean().read_only();
        let change = k.protect(mapper, rights);
        let old = change.shoot_down(k);
        k.put_old(old);
    }
    k.write_file(page, frame.pfn());
    k.put(frame);
}
