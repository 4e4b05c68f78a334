// Lab 4. msync touches only the entries that can lose something (W or D), and flushes
// only those that a CPU can know. A private write to a cold page gets its copy's frame
// first, as Linux does it in do_cow_fault.

use super::lab2::{finish, may_be_cached};
use vmsim::prelude::*;
use vmsim::refs::FrameRef;

pub fn map_resident(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let frame = k.get(pfn);
    map_cache_frame(k, fault, frame);
    Ok(())
}

fn map_cache_frame(k: &mut Kernel, fault: &PageFault, frame: FrameRef) {
    let mut rights = k.vma(fault.page).rights();
    if is_of_file(k, frame.pfn()) {
        if fault.is_write() {
            k.mark_dirty(frame.pfn());
        }
        if !fault.is_write() {
            rights = rights.read_only();
        }
    }
    let known = may_be_cached(k, fault.page);
    let change = k.map(fault.page, frame, rights);
    finish(k, change, known);
}

fn is_of_file(k: &Kernel, pfn: Pfn) -> bool {
    let Usage::Object(page) = k.frame(pfn).usage else {
        return false;
    };
    k.is_file(page)
}

pub fn file_read(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    if k.vma(fault.page).is_private() && fault.is_write() {
        return read_and_copy(k, fault, page);
    }
    let frame = k.alloc()?;
    k.read_file(page, &frame);
    k.insert_cache(page, &frame);
    map_cache_frame(k, fault, frame);
    Ok(())
}

fn read_and_copy(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let copy = k.alloc()?;
    let Ok(frame) = k.alloc() else {
        k.put(copy);
        return Err(OutOfMemory);
    };
    k.read_file(page, &frame);
    k.insert_cache(page, &frame);
    k.copy(&frame, &copy);
    k.put(frame);
    let rights = k.vma(fault.page).rights();
    let known = may_be_cached(k, fault.page);
    let change = k.map(fault.page, copy, rights);
    finish(k, change, known);
    Ok(())
}

pub fn write_notify(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
    k.mark_dirty(pfn);
}

pub fn new_shared(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let frame = k.alloc()?;
    k.insert_cache(page, &frame);
    k.zero(&frame);
    let rights = k.vma(fault.page).rights();
    let known = may_be_cached(k, fault.page);
    let change = k.map(fault.page, frame, rights);
    finish(k, change, known);
    Ok(())
}

pub fn clean_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    for mapper in k.mappers(pfn) {
        make_clean(k, mapper);
    }
    k.write_file(page, pfn);
}

fn make_clean(k: &mut Kernel, mapper: Page) {
    let pte = k.mm(mapper.pid).pte(mapper.vpn);
    if !pte.writable() && !pte.dirty() {
        return;
    }
    let known = may_be_cached(k, mapper);
    let rights = k.vma(mapper).rights().read_only().clean();
    let change = k.protect(mapper, rights);
    finish(k, change, known);
}
