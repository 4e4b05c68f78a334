// Lab 6. The one lab in which I do not shoot down everything, because needless flushes
// count here: an entry that no CPU can know, or that stays as it is, is left alone. The
// rights are found by one match on what the frame is used for.

use vmsim::prelude::*;

pub fn protect_page(k: &mut Kernel, page: Page) {
    let vma = k.vma(page);
    let before = k.mm(page.pid).pte(page.vpn);
    let may_write = match before.frame().map(|pfn| k.frame(pfn).usage) {
        None | Some(Usage::Free | Usage::Zero) => false,
        Some(Usage::Anon { exclusive, .. }) => exclusive,
        Some(Usage::Object(_)) if vma.is_private() => false,
        Some(Usage::Object(object)) if k.is_file(object) => before.dirty(),
        Some(Usage::Object(_)) => true,
    };
    let rights = if may_write {
        vma.rights()
    } else {
        vma.rights().read_only()
    };
    let after = before.with_rights(rights);
    if before.present() && before != after {
        // A right that is added is worth a flush, too: a CPU that remembers NX would
        // refuse a fetch that is allowed now, and the program would get a signal.
        let old = k.protect(page, rights).shoot_down(k);
        k.put_old(old);
    } else if before != after {
        let old = k.protect(page, rights).never_cached(k);
        k.put_old(old);
    }
}

pub fn spurious(_: &mut Kernel, _: &PageFault) {
    // The CPU that faulted has forgotten its entry, and the others need no repair.
}
