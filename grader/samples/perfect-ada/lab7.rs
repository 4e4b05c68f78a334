// Lab 7 - Ada

use vmsim::prelude::*;

pub fn swap_out(k: &mut Kernel, pfn: Pfn) -> Repaired {
    match k.frame(pfn).usage {
        Usage::Object(page) => swap_out_shared(k, page, pfn),
        Usage::Anon { swap_cache, .. } => swap_out_private(k, pfn, swap_cache),
        _ => Ok(()),
    }
}

// shared memory: the *object* remembers the slot, the page tables just forget
fn swap_out_shared(k: &mut Kernel, page: ObjectPage, pfn: Pfn) -> Repaired {
    let slot = k.alloc_slot()?;
    k.write_swap(slot.slot(), pfn);
    for mapper in k.mappers(pfn) {
        let old = k.unmap(mapper).shoot_down(k);
        k.put_old(old);
    }
    let frame = k.swap_object(page, slot);
    k.put(frame);
    Ok(())
}

fn swap_out_private(k: &mut Kernel, pfn: Pfn, cached: Option<SwapSlot>) -> Repaired {
    let mine;
    if let Some(slot) = cached {
        mine = k.get_slot(slot); // same bytes are there already
    } else {
        mine = k.alloc_slot()?;
        k.write_swap(mine.slot(), pfn);
    }
    for mapper in k.mappers(pfn) {
        let note = k.get_slot(mine.slot());
        let old = k.map_slot(mapper, note).shoot_down(k);
        k.put_old(old);
    }
    if let Some(frame) = k.remove_swap_cache(mine.slot()) {
        k.put(frame);
    }
    k.put_slot(mine);
    Ok(())
}

pub fn swap_in(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    let vma = k.vma(fault.page);
    let others = k.mm(fault.page.pid).slot_users(slot) > 1;

    let frame = k.alloc()?;
    k.read_swap(slot, &frame);

    if !vma.is_private() {
        if let Some(page) = vma.object_page(fault.page.vpn) {
            k.insert_cache(page, &frame);
        }
        let old = k.map(fault.page, frame, vma.rights()).never_cached(k);
        k.put_old(old);
        return Ok(());
    }

    if !others {
        let old = k.map(fault.page, frame, vma.rights()).never_cached(k);
        k.put_old(old); // this frees the slot
        return Ok(());
    }

    k.insert_swap_cache(slot, &frame);
    if !fault.is_write() {
        let old = k.map(fault.page, frame, vma.rights().read_only()).never_cached(k);
        k.put_old(old);
        return Ok(());
    }

    // write: the others keep `frame`, I take a copy
    let Ok(copy) = k.alloc() else {
        k.put(frame);
        return Err(OutOfMemory);
    };
    k.copy(&frame, &copy);
    k.put(frame);
    let old = k.map(fault.page, copy, vma.rights()).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn swap_cached(k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
    let last = k.mm(fault.page.pid).slot_users(slot) == 1 && k.frame(pfn).mappings == 0;
    let rights = k.vma(fault.page).rights();

    let frame = k.get(pfn);
    if last && fault.is_write() {
        let old = k.map(fault.page, frame, rights).never_cached(k);
        k.put_old(old);
        k.mark_exclusive(pfn);
        return Ok(());
    }
    let old = k.map(fault.page, frame, rights.read_only()).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn fork_swapped(k: &mut Kernel, _parent: Page, child: Page, slot: SwapSlot) {
    let note = k.get_slot(slot);
    let old = k.map_slot(child, note).never_cached(k);
    k.put_old(old);
}
