// Lab 7. Each page goes through the swap cache on its way in, as in Linux, also if nobody
// else needs the slot: it is put in, and taken out again when it is clear that this
// process is alone. All changes are shot down.

use vmsim::prelude::*;

pub fn swap_out(k: &mut Kernel, pfn: Pfn) -> Repaired {
    let usage = k.frame(pfn).usage;
    if let Usage::Object(page) = usage {
        let slot = k.alloc_slot()?;
        k.write_swap(slot.slot(), pfn);
        // The object first: whoever faults from now on looks there.
        let frame = k.swap_object(page, slot);
        for mapper in k.mappers(pfn) {
            let old = k.unmap(mapper).shoot_down(k);
            k.put_old(old);
        }
        k.put(frame);
        return Ok(());
    }

    let mut cached = None;
    if let Usage::Anon { swap_cache, .. } = usage {
        cached = swap_cache;
    }
    let held = k.get(pfn);
    let slot = match cached {
        Some(slot) => k.get_slot(slot),
        None => match k.alloc_slot() {
            Ok(slot) => slot,
            Err(error) => {
                k.put(held);
                return Err(error);
            }
        },
    };
    if let Some(frame) = k.remove_swap_cache(slot.slot()) {
        k.put(frame);
    }
    for mapper in k.mappers(pfn) {
        let note = k.get_slot(slot.slot());
        let old = k.map_slot(mapper, note).shoot_down(k);
        k.put_old(old);
    }
    if cached.is_none() {
        k.write_swap(slot.slot(), pfn);
    }
    k.put_slot(slot);
    k.put(held);
    Ok(())
}

pub fn swap_in(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    let vma = k.vma(fault.page);
    let frame = k.alloc()?;
    k.read_swap(slot, &frame);
    k.insert_swap_cache(slot, &frame);
    let pfn = frame.pfn();

    // Shared memory: from the swap cache into the page cache of its object.
    if let (false, Some(page)) = (vma.is_private(), vma.object_page(fault.page.vpn)) {
        if let Some(reference) = k.remove_swap_cache(slot) {
            k.put(reference);
        }
        k.insert_cache(page, &frame);
        let nothing = k.map(fault.page, frame, vma.rights()).shoot_down(k);
        k.put_old(nothing);
        return Ok(());
    }

    // Alone: the page is this process's own again.
    if k.mm(fault.page.pid).slot_users(slot) == 1 {
        if let Some(reference) = k.remove_swap_cache(slot) {
            k.put(reference);
        }
        let old = k.map(fault.page, frame, vma.rights()).shoot_down(k);
        k.put_old(old);
        k.mark_exclusive(pfn);
        return Ok(());
    }

    // Others need it. A reader shows it, a writer gets a copy.
    if !fault.is_write() {
        let old = k
            .map(fault.page, frame, vma.rights().read_only())
            .shoot_down(k);
        k.put_old(old);
        return Ok(());
    }
    let copy = match k.alloc() {
        Ok(copy) => copy,
        Err(error) => {
            k.put(frame);
            return Err(error);
        }
    };
    let old = k.unmap(fault.page).shoot_down(k);
    k.copy(&frame, &copy);
    k.put_old(old);
    k.put(frame);
    let nothing = k.map(fault.page, copy, vma.rights()).shoot_down(k);
    k.put_old(nothing);
    Ok(())
}

pub fn swap_cached(k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
    let vma = k.vma(fault.page);
    let users = k.mm(fault.page.pid).slot_users(slot);
    let mappings = k.frame(pfn).mappings;
    let frame = k.get(pfn);
    let old = k.unmap(fault.page).shoot_down(k);
    k.put_old(old);
    if fault.is_write() && users == 1 && mappings == 0 {
        let nothing = k.map(fault.page, frame, vma.rights()).shoot_down(k);
        k.put_old(nothing);
        k.mark_exclusive(pfn);
    } else {
        let nothing = k
            .map(fault.page, frame, vma.rights().read_only())
            .shoot_down(k);
        k.put_old(nothing);
    }
    Ok(())
}

pub fn fork_swapped(k: &mut Kernel, parent: Page, child: Page, slot: SwapSlot) {
    debug_assert_eq!(k.entry(parent), Entry::Swapped(slot));
    let note = k.get_slot(slot);
    let nothing = k.map_slot(child, note).shoot_down(k);
    k.put_old(nothing);
}
