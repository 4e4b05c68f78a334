// Nils, lab 4
use vmsim::prelude::*;
use vmsim::refs::FrameRef;

fn map_at(k: &mut Kernel, page: Page, frame: FrameRef, writable: bool) {
    let mut rights = k.vma(page).rights();
    if !writable {
        rights = rights.read_only();
    }
    let old = k.map(page, frame, rights).never_cached(k);
    k.put_old(old);
}

fn is_file_frame(k: &Kernel, pfn: Pfn) -> bool {
    matches!(k.frame(pfn).usage, Usage::Object(p) if k.is_file(p))
}

pub fn map_resident(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let frame = k.get(pfn);
    if !is_file_frame(k, pfn) {
        map_at(k, fault.page, frame, true);
        return Ok(());
    }
    if fault.is_write() {
        k.mark_dirty(pfn);
    }
    map_at(k, fault.page, frame, fault.is_write());
    Ok(())
}

pub fn file_read(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let frame = k.alloc()?;
    k.read_file(page, &frame);
    k.insert_cache(page, &frame);
    if fault.is_write() {
        // somebody writes the file page => dirty
        k.mark_dirty(frame.pfn());
    }
    if !(fault.is_write() && k.vma(fault.page).is_private()) {
        let shown = k.get(frame.pfn());
        map_at(k, fault.page, shown, fault.is_write());
        k.put(frame);
        return Ok(());
    }
    match k.alloc() {
        Ok(copy) => {
            k.copy(&frame, &copy);
            k.put(frame);
            map_at(k, fault.page, copy, true);
            Ok(())
        }
        Err(e) => {
            k.put(frame);
            Err(e)
        }
    }
}

pub fn write_notify(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    if !matches!(k.frame(pfn).usage, Usage::Anon { .. }) {
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
    map_at(k, fault.page, frame, true);
    Ok(())
}

pub fn clean_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    for mapper in k.mappers(pfn) {
        let clean = k.vma(mapper).rights().read_only().clean();
        let old = k.protect(mapper, clean).shoot_down(k);
        k.put_old(old);
    }
    k.write_file(page, pfn);
}
