// Lab 6. Nothing is flushed that no CPU can know (not present, or A clear), and nothing
// if the entry's bits do not change. Where W or NX change, in either direction, all
// CPUs are told, as Linux does it (pte_flags_need_flush in asm/tlbflush.h).

use super::lab2::{finish, may_be_cached};
use vmsim::prelude::*;

pub fn protect_page(k: &mut Kernel, page: Page) {
    let mut rights = k.vma(page).rights();
    if !may_write_at_once(k, page) {
        rights = rights.read_only();
    }
    let before = k.mm(page.pid).pte(page.vpn);
    let known = may_be_cached(k, page);
    let change = k.protect(page, rights);
    let after = k.mm(page.pid).pte(page.vpn);
    finish(k, change, known && before.bits() != after.bits());
}

fn may_write_at_once(k: &Kernel, page: Page) -> bool {
    let entry = k.entry(page);
    if let Entry::Anon { pfn, .. } = entry {
        return is_exclusive(k, pfn);
    }
    let Entry::Object { pfn, .. } = entry else {
        return false;
    };
    if k.vma(page).is_private() {
        return false;
    }
    is_of_shared_memory(k, pfn) || k.mm(page.pid).pte(page.vpn).dirty()
}

fn is_exclusive(k: &Kernel, pfn: Pfn) -> bool {
    let Usage::Anon { exclusive, .. } = k.frame(pfn).usage else {
        return false;
    };
    exclusive
}

fn is_of_shared_memory(k: &Kernel, pfn: Pfn) -> bool {
    let Usage::Object(page) = k.frame(pfn).usage else {
        return false;
    };
    !k.is_file(page)
}

pub fn spurious(_k: &mut Kernel, _fault: &PageFault) {
    // The fault has made this CPU forget its entry. There is nothing left to do.
}
