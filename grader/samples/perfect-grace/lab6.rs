//! Grace, lab 6.

use vmsim::prelude::*;

pub fn protect_page(k: &mut Kernel, page: Page) {
    let vma = k.vma(page);
    let rights = match k.entry(page) {
        Entry::Anon { pfn, .. } => match k.frame(pfn).usage {
            Usage::Anon { exclusive: true, .. } => vma.rights(),
            _ => vma.rights().read_only(),
        },
        Entry::Object { pfn, .. } => {
            let file = matches!(k.frame(pfn).usage, Usage::Object(p) if k.is_file(p));
            let dirty = k.mm(page.pid).pte(page.vpn).dirty();
            match (vma.is_private(), file, dirty) {
                (false, false, _) | (false, true, true) => vma.rights(),
                _ => vma.rights().read_only(),
            }
        }
        Entry::Zero | Entry::None | Entry::Swapped(_) => vma.rights().read_only(),
    };
    let entry = |k: &Kernel| k.mm(page.pid).pte(page.vpn);
    let was = entry(k);
    let change = k.protect(page, rights);
    let same_frame = match (was.present(), was == entry(k)) {
        (false, _) => change.never_cached(k),
        (true, true) => change.only_widens(k),
        (true, false) => change.shoot_down(k),
    };
    k.put_old(same_frame);
}

pub fn spurious(_: &mut Kernel, _: &PageFault) {}
