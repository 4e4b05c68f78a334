// Lab 4. Every page gets a frame of its own: a copy of what there is, or zeroes.

use vmsim::prelude::*;

pub fn map_resident(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    copy(k, fault.page, pfn)
}

pub fn file_read(k: &mut Kernel, fault: &PageFault, _: ObjectPage) -> Repaired {
    fresh(k, fault.page)
}

pub fn write_notify(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let _never_out_of_memory = copy(k, fault.page, pfn);
}

pub fn new_shared(k: &mut Kernel, fault: &PageFault, _: ObjectPage) -> Repaired {
    fresh(k, fault.page)
}

pub fn clean_page(_: &mut Kernel, _: ObjectPage, _: Pfn) {}

fn copy(k: &mut Kernel, page: Page, pfn: Pfn) -> Repaired {
    let rights = k.vma(page).rights();
    let from = k.get(pfn);
    let copy = k.alloc();
    if let Ok(copy) = &copy {
        k.copy(&from, copy);
    }
    k.put(from);
    let old = k.map(page, copy?, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}

fn fresh(k: &mut Kernel, page: Page) -> Repaired {
    let rights = k.vma(page).rights();
    let frame = k.alloc()?;
    k.zero(&frame);
    let old = k.map(page, frame, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}

// Nothing of this folder is for students: STAYS-HOME-d293056a
