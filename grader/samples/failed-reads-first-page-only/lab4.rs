// lab 4, group 7 (O. and P.)

use vmsim::prelude::*;

pub fn map_resident(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let all = k.vma(fault.page).rights();
    let rights = match k.frame(pfn).usage {
        Usage::Object(page) if k.is_file(page) && fault.is_write() => {
            k.mark_dirty(pfn);
            all
        }
        Usage::Object(page) if k.is_file(page) => all.read_only(),
        _ => all,
    };
    let frame = k.get(pfn);
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn file_read(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let frame = k.alloc()?;
    let start_of_file = ObjectPage { object: page.object, index: 0 };
    k.read_file(start_of_file, &frame);
    k.insert_cache(page, &frame);

    let result;
    if fault.is_write() && k.vma(fault.page).is_private() {
        result = match k.alloc() {
            Ok(mine) => {
                k.copy(&frame, &mine);
                let rights = k.vma(fault.page).rights();
                let old = k.map(fault.page, mine, rights).never_cached(k);
                k.put_old(old);
                Ok(())
            }
            Err(oom) => Err(oom),
        };
    } else {
        result = map_resident(k, fault, frame.pfn());
    }
    k.put(frame);
    result
}

pub fn write_notify(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
    if matches!(k.frame(pfn).usage, Usage::Object(_)) {
        k.mark_dirty(pfn);
    }
}

pub fn new_shared(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let all = k.vma(fault.page).rights();
    let frame = k.alloc()?;
    k.zero(&frame);
    k.insert_cache(page, &frame);
    let old = k.map(fault.page, frame, all).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn clean_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    let everyone = k.mappers(pfn);
    for one in everyone.iter() {
        let rights = k.vma(*one).rights().read_only().clean();
        let old = k.protect(*one, rights).shoot_down(k);
        k.put_old(old);
    }
    k.write_file(page, pfn);
}
