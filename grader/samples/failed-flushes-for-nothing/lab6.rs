// Lab 6. Labs 1 to 5 are the ones that I did together with Ada.
//
// mprotect is rare, so I do not try to be clever: everybody forgets the page.

use vmsim::prelude::*;

pub fn protect_page(k: &mut Kernel, page: Page) {
    let vma = k.vma(page);
    let writable = match k.entry(page) {
        Entry::Anon { pfn, .. } => exclusive(k, pfn),
        Entry::Object { pfn, .. } if !vma.is_private() => match k.frame(pfn).usage {
            Usage::Object(o) if k.is_file(o) => k.mm(page.pid).pte(page.vpn).dirty(),
            _ => true,
        },
        _ => false,
    };
    let rights = if writable { vma.rights() } else { vma.rights().read_only() };
    let old = k.protect(page, rights).shoot_down(k);
    k.put_old(old);
}

fn exclusive(k: &Kernel, pfn: Pfn) -> bool {
    match k.frame(pfn).usage {
        Usage::Anon { exclusive, .. } => exclusive,
        _ => false,
    }
}

pub fn spurious(k: &mut Kernel, fault: &PageFault) {
    // the entry is fine, nothing to do
    let _ = (k, fault);
}
