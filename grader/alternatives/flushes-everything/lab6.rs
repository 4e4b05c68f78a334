// Lab 6. Two steps: first every right to write goes, on all CPUs; then it is decided
// what may come back. A page that nobody may write unnoticed stays as it is.

use vmsim::prelude::*;

pub fn protect_page(k: &mut Kernel, page: Page) {
    let vma = k.vma(page);
    let old = k.protect(page, vma.rights().read_only()).shoot_down(k);
    k.put_old(old);

    let may_write = match k.entry(page) {
        Entry::None | Entry::Zero | Entry::Swapped(_) => false,
        Entry::Anon { pfn, .. } | Entry::Object { pfn, .. } => match k.frame(pfn).usage {
            Usage::Free | Usage::Zero => false,
            Usage::Anon { exclusive, .. } => exclusive,
            Usage::Object(_) if vma.is_private() => false,
            Usage::Object(object) if k.is_file(object) => {
                // Protecting it has not touched the D bit.
                k.mm(page.pid).pte(page.vpn).dirty()
            }
            Usage::Object(_) => true,
        },
    };
    if may_write {
        let old = k.protect(page, vma.rights()).shoot_down(k);
        k.put_old(old);
    }
}

pub fn spurious(k: &mut Kernel, fault: &PageFault) {
    // Not needed on x86, where the fault itself has made the CPU forget the entry; but
    // other machines need it, and it harms nobody.
    k.flush_local(fault.page);
}
