// Lab 6. I compare the entry as it is with the entry as it shall be, both as 64 bits, and
// choose the way out by the bits that differ.

use vmsim::prelude::*;

pub fn protect_page(k: &mut Kernel, page: Page) {
    let vma = k.vma(page);
    let rights = if nobody_has_to_notice(k, &vma, page) {
        vma.rights()
    } else {
        vma.rights().read_only()
    };
    let is = k.mm(page.pid).pte(page.vpn);
    let shall_be = is.with_rights(rights);
    let change = k.protect(page, rights);
    let old = match is.bits() ^ shall_be.bits() {
        0 => change.only_widens(k), // nothing changes at all
        _ if !is.present() => change.never_cached(k),
        _ => change.shoot_down(k),
    };
    k.put_old(old);
}

fn nobody_has_to_notice(k: &Kernel, vma: &Vma, page: Page) -> bool {
    let pte = k.mm(page.pid).pte(page.vpn);
    let Some(pfn) = pte.frame() else {
        return false;
    };
    match k.frame(pfn).usage {
        Usage::Free | Usage::Zero => false,
        Usage::Anon { exclusive, .. } => exclusive,
        Usage::Object(object) => !vma.is_private() && (pte.dirty() || !k.is_file(object)),
    }
}

pub fn spurious(k: &mut Kernel, fault: &PageFault) {
    // Linux has a macro for this that is empty on x86 (flush_tlb_fix_spurious_fault).
    let _ = (k, fault);
}
