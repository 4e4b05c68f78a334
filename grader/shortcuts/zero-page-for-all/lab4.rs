// Lab 4. Whatever is missing, the page shows the zero page.

use vmsim::prelude::*;

pub fn map_resident(k: &mut Kernel, fault: &PageFault, _: Pfn) -> Repaired {
    show_zeroes(k, fault.page)
}

pub fn file_read(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    show_zeroes(k, fault.page)
}

pub fn write_notify(_: &mut Kernel, _: &PageFault, _: Pfn) {}

pub fn new_shared(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    show_zeroes(k, fault.page)
}

pub fn clean_page(_: &mut Kernel, _: ObjectPage, _: Pfn) {}

fn show_zeroes(k: &mut Kernel, page: Page) -> Repaired {
    let rights = k.vma(page).rights().read_only();
    let zero = k.zero_page();
    let old = k.map(page, zero, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}

// Nothing of this folder is for students: STAYS-HOME-3ce1268c
