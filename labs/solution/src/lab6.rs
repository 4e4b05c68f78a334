//! Lab 6, TLB: what the hardware may remember, and what forgetting costs.
//!
//! A CPU goes by what it remembers. The page table is changed in memory; every CPU
//! that ran the process may go on with the old entry until it is told.

use vmsim::prelude::*;

/// Gives a page in memory the rights that its VMA has since mprotect changed it.
///
/// Not all of them: a write may be allowed at once only if nobody has to notice
/// it. A frame of private memory must be exclusive; a page of a file that is mapped
/// shared must be dirty in this very entry; shared memory without a file may always be
/// written, and the zero page never.
///
/// And who must hear of it? Nobody can remember an entry that was not present, and an
/// entry that stays as it is is no news. mprotect in Linux tells every CPU of all other
/// changes, of rights that are given as well. [`Kernel::mm`] shows the entry, before
/// and after ([`Mm::pte`]).
pub fn protect_page(k: &mut Kernel, page: Page) {
    // FAULTLINE-BEGIN protect_page
    let all = k.vma(page).rights();
    let unnoticed = match k.entry(page) {
        Entry::Anon { pfn, .. } => {
            matches!(
                k.frame(pfn).usage,
                Usage::Anon {
                    exclusive: true,
                    ..
                }
            )
        }
        Entry::Object { pfn, .. } => may_write_unnoticed(k, page, pfn),
        Entry::None | Entry::Zero | Entry::Swapped(_) => false,
    };
    let rights = if unnoticed { all } else { all.read_only() };
    let before = k.mm(page.pid).pte(page.vpn);
    let change = k.protect(page, rights);
    let after = k.mm(page.pid).pte(page.vpn);
    let old = if !before.present() {
        change.never_cached(k)
    } else if before == after {
        change.only_widens(k)
    } else {
        change.shoot_down(k)
    };
    k.put_old(old);
    // FAULTLINE-HANDOUT
    // let _ = (k, page);
    // todo!("lab 6: what may the program do now, and which CPUs must hear of it?")
    // FAULTLINE-END protect_page
}
// FAULTLINE-SOLUTION-ONLY-BEGIN may-write-unnoticed

/// A page of the page cache that a shared mapping shows.
fn may_write_unnoticed(k: &Kernel, page: Page, pfn: Pfn) -> bool {
    let Usage::Object(object) = k.frame(pfn).usage else {
        return false;
    };
    let dirty = k.mm(page.pid).pte(page.vpn).dirty();
    !k.vma(page).is_private() && (!k.is_file(object) || dirty)
}
// FAULTLINE-SOLUTION-ONLY-END may-write-unnoticed

/// Mends a stale TLB entry that refused what the page table allows.
///
/// The hardware forgot the entry when it raised the fault, so the next try reads
/// the page table. What is left to do?
pub fn spurious(k: &mut Kernel, fault: &PageFault) {
    // FAULTLINE-BEGIN spurious
    let _ = (k, fault);
    // FAULTLINE-HANDOUT
    // let _ = (k, fault);
    // todo!("lab 6: what is left to do?")
    // FAULTLINE-END spurious
}
