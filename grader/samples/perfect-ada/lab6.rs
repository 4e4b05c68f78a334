// Lab 6 - Ada

use vmsim::prelude::*;

pub fn protect_page(k: &mut Kernel, page: Page) {
    let mut rights = k.vma(page).rights();
    if !may_write_now(k, page) {
        rights = rights.read_only();
    }
    let before = k.mm(page.pid).pte(page.vpn);
    let change = k.protect(page, rights);
    let after = k.mm(page.pid).pte(page.vpn);

    // An IPI costs thousands of cycles, so only if there is something to say.
    if !before.present() {
        let old = change.never_cached(k);
        k.put_old(old);
        return;
    }
    if before == after {
        let old = change.only_widens(k);
        k.put_old(old);
        return;
    }
    // also if a right was added: a TLB that says NX would end in a segfault
    let old = change.shoot_down(k);
    k.put_old(old);
}

// May the program write without us noticing?
fn may_write_now(k: &Kernel, page: Page) -> bool {
    let pfn = match k.entry(page) {
        Entry::Anon { pfn, .. } | Entry::Object { pfn, .. } => pfn,
        _ => return false,
    };
    match k.frame(pfn).usage {
        Usage::Anon { exclusive, .. } => exclusive,
        Usage::Object(_) if k.vma(page).is_private() => false,
        Usage::Object(object) if k.is_file(object) => k.mm(page.pid).pte(page.vpn).dirty(),
        Usage::Object(_) => true,
        _ => false,
    }
}

pub fn spurious(_k: &mut Kernel, _fault: &PageFault) {
    // nothing, the retry reads the page table again
}
