// Lab 6. Who must notice a write is one value, computed by one match over entry, usage
// and sharing; the rights follow from it. If they are what they were, nothing is done.

use vmsim::prelude::*;

enum Notice {
    Nobody,
    TheKernel,
}

pub fn protect_page(k: &mut Kernel, page: Page) {
    let all = k.vma(page).rights();
    let rights = match who_must_notice(k, page) {
        Notice::Nobody => all,
        Notice::TheKernel => all.read_only(),
    };
    let before = k.mm(page.pid).pte(page.vpn);
    if before.with_rights(rights) == before {
        return;
    }
    let change = k.protect(page, rights);
    let old = if before.present() {
        change.shoot_down(k)
    } else {
        change.never_cached(k) // hidden by PROT_NONE until now
    };
    k.put_old(old);
}

fn who_must_notice(k: &Kernel, page: Page) -> Notice {
    let usage = match k.entry(page) {
        Entry::Anon { pfn, .. } | Entry::Object { pfn, .. } => k.frame(pfn).usage,
        Entry::None | Entry::Zero | Entry::Swapped(_) => return Notice::TheKernel,
    };
    let private = k.vma(page).is_private();
    let dirty = k.mm(page.pid).pte(page.vpn).dirty();
    match (usage, private) {
        (
            Usage::Anon {
                exclusive: true, ..
            },
            _,
        ) => Notice::Nobody,
        (Usage::Object(object), false) if dirty || !k.is_file(object) => Notice::Nobody,
        _ => Notice::TheKernel,
    }
}

pub fn spurious(k: &mut Kernel, fault: &PageFault) {
    // The next try walks the page table. I only look whether that will do.
    let pte = k.mm(fault.page.pid).pte(fault.page.vpn);
    debug_assert!(pte.present());
}
