//! What a mutant does differently after, or before, the reference did its work.

use vmsim::prelude::*;
use vmsim::pte::Rights;
use vmsim::refs::FrameRef;

/// Takes the right to write away that the reference gave.
pub(crate) fn read_only(k: &mut Kernel, page: Page) {
    let rights = k.vma(page).rights().read_only();
    set_rights(k, page, rights);
}

/// Gives a page all rights of its VMA, though the reference did not.
pub(crate) fn writable(k: &mut Kernel, page: Page) {
    let rights = k.vma(page).rights();
    set_rights(k, page, rights);
}

fn set_rights(k: &mut Kernel, page: Page, rights: Rights) {
    let old = k.protect(page, rights).shoot_down(k);
    k.put_old(old);
}

/// The same fault, as if it were of another kind of access.
pub(crate) fn as_access(fault: &PageFault, access: Access) -> PageFault {
    PageFault { access, ..*fault }
}

/// Takes a reference and forgets it.
pub(crate) fn leak(k: &mut Kernel, pfn: Pfn) {
    let _forgotten = k.get(pfn);
}

/// Maps a frame where nothing was present.
pub(crate) fn map_fresh(k: &mut Kernel, page: Page, frame: FrameRef, rights: Rights) {
    let old = k.map(page, frame, rights).never_cached(k);
    k.put_old(old);
}

/// Takes no for an answer, and does not pass it on: the access is tried again.
pub(crate) fn swallow(repaired: Repaired) -> Repaired {
    let _ = repaired;
    Ok(())
}

/// Takes for granted that there is memory.
pub(crate) fn insist(repaired: Repaired) -> Repaired {
    repaired.expect("there is memory");
    Ok(())
}
