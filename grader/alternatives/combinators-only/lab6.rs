// Lab 6. A list of reasons why a write may go unnoticed, each a small closure; one is
// enough. The way out of the change is looked up as well: by whether the entry was
// present, and whether it is another one now.

use vmsim::prelude::*;
use vmsim::refs::{Change, Old};

pub fn protect_page(k: &mut Kernel, page: Page) {
    let vma = k.vma(page);
    let before = k.mm(page.pid).pte(page.vpn);
    let usage = before.frame().map(|pfn| k.frame(pfn).usage);

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
    let noticed_before = || object().is_some() && before.dirty();
    let unnoticed = exclusive() || shared_memory() || noticed_before();

    let rights = Some(vma.rights())
        .filter(|_| unnoticed)
        .unwrap_or(vma.rights().read_only());
    let ways_out: [fn(Change, &mut Kernel) -> Old; 3] = [
        Change::never_cached,
        Change::only_widens,
        Change::shoot_down,
    ];
    let changed = before.with_rights(rights) != before;
    let way_out = Some(1 + usize::from(changed))
        .filter(|_| before.present())
        .map_or(ways_out[0], |which| ways_out[which]);
    let old = way_out(k.protect(page, rights), k);
    k.put_old(old);
}

pub fn spurious(k: &mut Kernel, fault: &PageFault) {
    // Nothing to map, filter or fold.
    let _ = (k, fault);
}
