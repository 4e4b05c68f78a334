// Lab 4. Functions that take and return frames, joined by `and_then`; whoever fails gives
// back what it was given. Reading a page is two steps: load it for everybody, then map
// it as a page that the cache has.

use vmsim::prelude::*;
use vmsim::refs::FrameRef;

fn file_page(k: &Kernel, pfn: Pfn) -> Option<ObjectPage> {
    match k.frame(pfn).usage {
        Usage::Object(page) => Some(page).filter(|&page| k.is_file(page)),
        _ => None,
    }
}

pub fn map_resident(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let all = k.vma(fault.page).rights();
    let noticed = file_page(k, pfn).map(|_| fault.is_write());
    let rights = noticed.map_or(all, |write| if write { all } else { all.read_only() });
    let frame = k.get(pfn);
    let old = k.map(fault.page, frame, rights).shoot_down(k);
    k.put_old(old);
    noticed
        .filter(|&write| write)
        .into_iter()
        .for_each(|_| k.mark_dirty(pfn));
    Ok(())
}

pub fn file_read(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let copies = fault.is_write() && k.vma(fault.page).is_private();
    if copies {
        k.alloc()
            .and_then(|copy| load_and_copy(k, fault, page, copy))
    } else {
        load(k, page).and_then(|frame| {
            let mapped = map_resident(k, fault, frame.pfn());
            k.put(frame);
            mapped
        })
    }
}

fn load(k: &mut Kernel, page: ObjectPage) -> Result<FrameRef, OutOfMemory> {
    k.alloc().inspect(|frame| {
        k.insert_cache(page, frame);
        k.read_file(page, frame);
    })
}

fn load_and_copy(k: &mut Kernel, fault: &PageFault, page: ObjectPage, copy: FrameRef) -> Repaired {
    match load(k, page) {
        Ok(frame) => {
            let rights = k.vma(fault.page).rights();
            k.copy(&frame, &copy);
            k.put(frame);
            let old = k.map(fault.page, copy, rights).shoot_down(k);
            k.put_old(old);
            Ok(())
        }
        Err(out_of_memory) => {
            k.put(copy);
            Err(out_of_memory)
        }
    }
}

pub fn write_notify(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
    file_page(k, pfn).iter().for_each(|_| k.mark_dirty(pfn));
}

pub fn new_shared(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    k.alloc()
        .inspect(|frame| {
            k.zero(frame);
            k.insert_cache(page, frame);
        })
        .and_then(|frame| {
            let mapped = map_resident(k, fault, frame.pfn());
            k.put(frame);
            mapped
        })
}

pub fn clean_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    k.mappers(pfn).into_iter().rev().for_each(|mapper| {
        let rights = k.vma(mapper).rights().clean().read_only();
        let old = k.protect(mapper, rights).shoot_down(k);
        k.put_old(old);
    });
    k.write_file(page, pfn);
}
