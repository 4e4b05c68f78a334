// Lab 2. A CPU can remember an entry only if it was present and the hardware has set
// its A bit (Intel SDM vol. 3A, 4.10.2.3: it sets A before it caches a translation).
// So every function looks at the old entry first, and flushes only if it must.

use vmsim::prelude::*;
use vmsim::refs::Change;

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let known = may_be_cached(k, fault.page);
    let rights = k.vma(fault.page).rights().read_only();
    let zero = k.zero_page();
    let change = k.map(fault.page, zero, rights);
    finish(k, change, known);
    Ok(())
}

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let frame = k.alloc()?;
    k.zero(&frame);
    let known = may_be_cached(k, fault.page);
    let rights = k.vma(fault.page).rights();
    let change = k.map(fault.page, frame, rights);
    finish(k, change, known);
    Ok(())
}

pub fn unmap_page(k: &mut Kernel, page: Page) {
    save_dirty_bit(k, page);
    let known = may_be_cached(k, page);
    let change = k.unmap(page);
    finish(k, change, known);
}

/// The D bit dies with the entry, so it is saved while the entry is still there.
fn save_dirty_bit(k: &mut Kernel, page: Page) {
    if !k.mm(page.pid).pte(page.vpn).dirty() {
        return;
    }
    if let Entry::Object { pfn, .. } = k.entry(page) {
        k.mark_dirty(pfn);
    }
}

/// Whether any CPU can remember the page. Ask before the entry is changed.
pub fn may_be_cached(k: &Kernel, page: Page) -> bool {
    let pte = k.mm(page.pid).pte(page.vpn);
    pte.present() && pte.accessed()
}

/// Ends a change, and gives back what the entry held.
pub fn finish(k: &mut Kernel, change: Change, may_be_cached: bool) {
    let old = if may_be_cached {
        change.shoot_down(k)
    } else {
        change.never_cached(k)
    };
    k.put_old(old);
}
