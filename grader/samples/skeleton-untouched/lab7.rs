//! Lab 7, swap: a slot lives as long as somebody needs it.
//!
//! A page in swap has no frame. Its page-table entry is not present and holds the
//! number of the slot; a fork hands that number on, and then two processes need
//! one slot.

use vmsim::prelude::*;

/// Moves a page from its frame to a swap slot, in all page tables that map it.
///
/// Get the slot first: without one nothing has changed. The frame may have a slot
/// already, if it is in the swap cache ([`Usage::Anon`]); then the slot has the
/// same bytes, and nothing need be written. Every private page that maps the frame
/// gets a note of the slot, and no CPU may use the frame any more. A page of
/// shared memory is noted in the object instead ([`Kernel::swap_object`]): its
/// page-table entries are just emptied.
pub fn swap_out(k: &mut Kernel, pfn: Pfn) -> Repaired {
    let _ = (k, pfn);
    todo!("lab 7: write the page to a slot, and note the slot everywhere")
}

/// Reads a page back from its swap slot.
///
/// If nobody else needs the slot ([`Mm::slot_users`]), the page is the process's
/// own again, with all rights. If others do, leave it in the swap cache for them
/// and map it read-only; a write copies it, in the same fault. A page of shared
/// memory goes back into its object.
pub fn swap_in(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    let _ = (k, fault, slot);
    todo!("lab 7: read the page back")
}

/// Maps a swapped page that the swap cache still has: no I/O.
///
/// Giving the slot back may free it, and then the frame leaves the swap cache. The
/// page may be written only if this process was the last that needed the slot and
/// nobody maps the frame, and only if it is a write that asks; otherwise the first
/// write finds out.
pub fn swap_cached(k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
    let _ = (k, fault, slot, pfn);
    todo!("lab 7: map what the swap cache has")
}

/// Gives a child the page that its parent has in a swap slot.
pub fn fork_swapped(k: &mut Kernel, parent: Page, child: Page, slot: SwapSlot) {
    let _ = (k, parent, child, slot);
    todo!("lab 7: two processes need the slot now")
}
