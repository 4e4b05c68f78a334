// Lab 6 (Ferenc)
use vmsim::prelude::*;

pub fn protect_page(k: &mut Kernel, page: Page) {
    let all = k.vma(page).rights();
    let free = match k.entry(page) {
        Entry::Anon { pfn, .. } => {
            matches!(k.frame(pfn).usage, Usage::Anon { exclusive: true, .. })
        }
        Entry::Object { pfn, .. } if !k.vma(page).is_private() => match k.frame(pfn).usage {
            Usage::Object(o) => !k.is_file(o) || k.mm(page.pid).pte(page.vpn).dirty(),
            _ => false,
        },
        _ => false,
    };
    let new = if free { all } else { all.read_only() };
    let was = k.mm(page.pid).pte(page.vpn);
    let change = k.protect(page, new);
    let now = k.mm(page.pid).pte(page.vpn);
    // Flush only if the program could write before and can not any more.
    // Everything else gives rights, and that needs no IPI (see `reuse` in lab 5).
    let old = if was.writable() && !now.writable() {
        change.shoot_down(k)
    } else {
        change.only_widens(k)
    };
    k.put_old(old);
}

pub fn spurious(_k: &mut Kernel, _fault: &PageFault) {}
