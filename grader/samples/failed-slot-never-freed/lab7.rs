// Lab 7 (Theo)
use vmsim::prelude::*;

pub fn swap_out(k: &mut Kernel, pfn: Pfn) -> Repaired {
    let usage = k.frame(pfn).usage;
    let (slot, shared_page) = match usage {
        Usage::Anon { swap_cache: Some(slot), .. } => (k.get_slot(slot), None),
        Usage::Object(page) => (new_slot(k, pfn)?, Some(page)),
        _ => (new_slot(k, pfn)?, None),
    };
    for page in k.mappers(pfn) {
        let old = if shared_page.is_none() {
            let number = k.get_slot(slot.slot());
            k.map_slot(page, number).shoot_down(k)
        } else {
            k.unmap(page).shoot_down(k)
        };
        k.put_old(old);
    }
    match shared_page {
        Some(page) => {
            let frame = k.swap_object(page, slot);
            k.put(frame);
        }
        None => {
            if let Some(frame) = k.remove_swap_cache(slot.slot()) {
                k.put(frame);
            }
            k.put_slot(slot);
        }
    }
    Ok(())
}

fn new_slot(k: &mut Kernel, pfn: Pfn) -> Result<vmsim::refs::SlotRef, OutOfMemory> {
    let slot = k.alloc_slot()?;
    k.write_swap(slot.slot(), pfn);
    Ok(slot)
}

pub fn swap_in(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    let vma = k.vma(fault.page);
    let alone = k.mm(fault.page.pid).slot_users(slot) == 1;
    let frame = k.alloc()?;
    k.read_swap(slot, &frame);

    let mut rights = vma.rights();
    let mut to_map = frame;
    if !vma.is_private() {
        let page = vma.object_page(fault.page.vpn).expect("shared memory has an object");
        k.insert_cache(page, &to_map);
    } else if !alone {
        k.insert_swap_cache(slot, &to_map);
        if fault.is_write() {
            let copy = match k.alloc() {
                Ok(copy) => copy,
                Err(e) => {
                    k.put(to_map);
                    return Err(e);
                }
            };
            k.copy(&to_map, &copy);
            k.put(to_map);
            to_map = copy;
        } else {
            rights = rights.read_only();
        }
    }
    match k.map(fault.page, to_map, rights).never_cached(k) {
        Old::Frame { frame, .. } => k.put(frame),
        // keep the slot: if the page is swapped out again we can use it again
        Old::Slot(_slot) => {}
        Old::Nothing => {}
    }
    Ok(())
}

pub fn swap_cached(k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
    let mut rights = k.vma(fault.page).rights();
    let take = fault.is_write() && k.mm(fault.page.pid).slot_users(slot) == 1 && k.frame(pfn).mappings == 0;
    if !take {
        rights = rights.read_only();
    }
    let frame = k.get(pfn);
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    if take {
        k.mark_exclusive(pfn);
    }
    Ok(())
}

pub fn fork_swapped(k: &mut Kernel, _parent: Page, child: Page, slot: SwapSlot) {
    let reference = k.get_slot(slot);
    let old = k.map_slot(child, reference).never_cached(k);
    k.put_old(old);
}
