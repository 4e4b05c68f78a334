//! Grace, lab 4.

use super::lab2::install;
use vmsim::prelude::*;

enum Kind {
    File,
    SharedMemory,
}

fn kind(k: &Kernel, pfn: Pfn) -> Kind {
    match k.frame(pfn).usage {
        Usage::Object(page) if k.is_file(page) => Kind::File,
        _ => Kind::SharedMemory,
    }
}

pub fn map_resident(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let frame = k.get(pfn);
    let all = k.vma(fault.page).rights();
    let rights = match (kind(k, pfn), fault.is_write()) {
        (Kind::File, true) => {
            k.mark_dirty(pfn);
            all
        }
        (Kind::File, false) => all.read_only(),
        (Kind::SharedMemory, _) => all,
    };
    install(k, fault.page, frame, rights);
    Ok(())
}

pub fn file_read(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let cached = k.alloc()?;
    k.read_file(page, &cached);
    k.insert_cache(page, &cached);
    let vma = k.vma(fault.page);
    let done = match (fault.is_write(), vma.is_private()) {
        (true, true) => k.alloc().map(|copy| {
            k.copy(&cached, &copy);
            install(k, fault.page, copy, vma.rights());
        }),
        _ => map_resident(k, fault, cached.pfn()),
    };
    // whatever happened: the page cache keeps its own reference, mine goes back
    k.put(cached);
    done
}

pub fn write_notify(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let rights = k.vma(fault.page).rights();
    let same_frame = k.protect(fault.page, rights).only_widens(k);
    k.put_old(same_frame);
    match k.frame(pfn).usage {
        Usage::Object(_) => k.mark_dirty(pfn),
        _ => {}
    }
}

pub fn new_shared(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    k.alloc().map(|fresh| {
        k.zero(&fresh);
        k.insert_cache(page, &fresh);
        let rights = k.vma(fault.page).rights();
        install(k, fault.page, fresh, rights);
    })
}

pub fn clean_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    let mut mappers = k.mappers(pfn);
    while let Some(mapper) = mappers.pop() {
        let rights = k.vma(mapper).rights().clean().read_only();
        let same_frame = k.protect(mapper, rights).shoot_down(k);
        k.put_old(same_frame);
    }
    k.write_file(page, pfn);
}
