use vmsim::prelude::*;

pub fn clean_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    k.write_file(page, pfn, PAGE_SIZE); // wrong
    // right: k.write_file(page, pfn);
}
