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
    // FAULTLINE-BEGIN swap_out
    let usage = k.frame(pfn).usage;
    let slot = match usage {
        Usage::Anon {
            swap_cache: Some(slot),
            ..
        } => k.get_slot(slot),
        _ => {
            let fresh = k.alloc_slot()?;
            k.write_swap(fresh.slot(), pfn);
            fresh
        }
    };
    let shared_memory = match usage {
        Usage::Object(page) => Some(page),
        _ => None,
    };
    while let Some(page) = k.first_mapper(pfn) {
        let change = if shared_memory.is_some() {
            k.unmap(page)
        } else {
            let reference = k.get_slot(slot.slot());
            k.map_slot(page, reference)
        };
        let old = change.shoot_down(k);
        k.put_old(old);
    }
    if let Some(page) = shared_memory {
        let frame = k.swap_object(page, slot);
        k.put(frame);
    } else {
        if let Some(frame) = k.remove_swap_cache(slot.slot()) {
            k.put(frame);
        }
        k.put_slot(slot);
    }
    Ok(())
    // FAULTLINE-HANDOUT
    // let _ = (k, pfn);
    // todo!("lab 7: write the page to a slot, and note the slot everywhere")
    // FAULTLINE-END swap_out
}

/// Reads a page back from its swap slot.
///
/// If nobody else needs the slot ([`Mm::slot_users`]), the page is the process's
/// own again, with all rights. If others do, leave it in the swap cache for them
/// and map it read-only; a write copies it, in the same fault. A page of shared
/// memory goes back into its object.
pub fn swap_in(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    // FAULTLINE-BEGIN swap_in
    let vma = k.vma(fault.page);
    let shared_slot = k.mm(fault.page.pid).slot_users(slot) > 1;
    let frame = k.alloc()?;
    k.read_swap(slot, &frame);
    if let Some(page) = vma
        .object_page(fault.page.vpn)
        .filter(|_| !vma.is_private())
    {
        k.insert_cache(page, &frame);
    } else if shared_slot {
        k.insert_swap_cache(slot, &frame);
    }
    if shared_slot && fault.is_write() {
        return copy_for_writer(k, fault, frame);
    }
    let rights = if shared_slot {
        vma.rights().read_only()
    } else {
        vma.rights()
    };
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
    // FAULTLINE-HANDOUT
    // let _ = (k, fault, slot);
    // todo!("lab 7: read the page back")
    // FAULTLINE-END swap_in
}
// FAULTLINE-SOLUTION-ONLY-BEGIN copy-for-writer

/// Maps a copy of a page that stays in the swap cache for others.
fn copy_for_writer(k: &mut Kernel, fault: &PageFault, shared: vmsim::refs::FrameRef) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let copy = match k.alloc() {
        Ok(frame) => frame,
        Err(out_of_memory) => {
            k.put(shared);
            return Err(out_of_memory);
        }
    };
    k.copy(&shared, &copy);
    k.put(shared);
    let old = k.map(fault.page, copy, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}
// FAULTLINE-SOLUTION-ONLY-END copy-for-writer

/// Maps a swapped page that the swap cache still has: no I/O.
///
/// Giving the slot back may free it, and then the frame leaves the swap cache. The
/// page may be written only if this process was the last that needed the slot and
/// nobody maps the frame, and only if it is a write that asks; otherwise the first
/// write finds out.
pub fn swap_cached(k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
    // FAULTLINE-BEGIN swap_cached
    let all = k.vma(fault.page).rights();
    let alone = k.mm(fault.page.pid).slot_users(slot) == 1 && k.frame(pfn).mappings == 0;
    let takes_over = alone && fault.is_write();
    let rights = if takes_over { all } else { all.read_only() };
    let frame = k.get(pfn);
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    if takes_over {
        k.mark_exclusive(pfn);
    }
    Ok(())
    // FAULTLINE-HANDOUT
    // let _ = (k, fault, slot, pfn);
    // todo!("lab 7: map what the swap cache has")
    // FAULTLINE-END swap_cached
}

/// Gives a child the page that its parent has in a swap slot.
pub fn fork_swapped(k: &mut Kernel, parent: Page, child: Page, slot: SwapSlot) {
    // FAULTLINE-BEGIN fork_swapped
    let _ = parent;
    let reference = k.get_slot(slot);
    let old = k.map_slot(child, reference).never_cached(k);
    k.put_old(old);
    // FAULTLINE-HANDOUT
    // let _ = (k, parent, child, slot);
    // todo!("lab 7: two processes need the slot now")
    // FAULTLINE-END fork_swapped
}
