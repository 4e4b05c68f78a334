// Lab 6. A list of reasons why a write may go unnoticed, each a small closure; one is
// enough. A right to write that comes back is given by a second change of the entry.

use vmsim::prelude::*;

pub fn protect_page(k: &mut Kernel, page: Page) {
    let vma = k.vma(page);
    let usage = k
        .mm(page.pid)
        .pte(page.vpn)
        .frame()
        .map(|pfn| k.frame(pfn).usage);
    let dirty = k.mm(page.pid).pte(page.vpn).dirty();

    let exclusive = || {
        matches!(
            usage,
            Some(Usage::Anon {
                exclusive: true,
                ..
            })
        )
    };
    let object = || match usage {
        Some(Usage::Object(object)) => Some(object).filter(|_| !vma.is_private()),
        _ => None,
    };
    let shared_memory = || object().is_some_and(|object| !k.is_file(object));
    let noticed_before = || object().is_some() && dirty;
    let unnoticed = exclusive() || shared_memory() || noticed_before();

    let rights = Some(vma.rights())
        .filter(|_| unnoticed)
        .unwrap_or(vma.rights().read_only());
    let old = k.protect(page, rights).shoot_down(k);
    k.put_old(old);
}

pub fn spurious(k: &mut Kernel, fault: &PageFault) {
    // Writes the entry as it is: the page table is right, and stays right.
    let rights = k.vma(fault.page).rights();
    let writable = k.mm(fault.page.pid).pte(fault.page.vpn).writable();
    let same = Some(rights)
        .filter(|_| writable)
        .unwrap_or(rights.read_only());
    let old = k.protect(fault.page, same).flush_local(k);
    k.put_old(old);
}
