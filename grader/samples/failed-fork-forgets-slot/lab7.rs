// Viktor L7
use vmsim::prelude::*;

pub fn swap_out(k: &mut Kernel, pfn: Pfn) -> Repaired {
    match k.frame(pfn).usage {
        Usage::Object(page) => {
            let slot = k.alloc_slot()?;
            k.write_swap(slot.slot(), pfn);
            for user in k.mappers(pfn) {
                let gone = k.unmap(user).shoot_down(k);
                k.put_old(gone);
            }
            let frame = k.swap_object(page, slot);
            k.put(frame);
        }
        Usage::Anon { swap_cache, .. } => {
            let slot = match swap_cache {
                Some(slot) => k.get_slot(slot),
                None => {
                    let slot = k.alloc_slot()?;
                    k.write_swap(slot.slot(), pfn);
                    slot
                }
            };
            for user in k.mappers(pfn) {
                let one_more = k.get_slot(slot.slot());
                let gone = k.map_slot(user, one_more).shoot_down(k);
                k.put_old(gone);
            }
            if let Some(frame) = k.remove_swap_cache(slot.slot()) {
                k.put(frame);
            }
            k.put_slot(slot);
        }
        Usage::Free | Usage::Zero => unreachable!(),
    }
    Ok(())
}

pub fn swap_in(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    let vma = k.vma(fault.page);
    let needed_by_others = k.mm(fault.page.pid).slot_users(slot) >= 2;
    let frame = k.alloc()?;
    k.read_swap(slot, &frame);
    let (frame, rights) = if !vma.is_private() {
        k.insert_cache(vma.object_page(fault.page.vpn).unwrap(), &frame);
        (frame, vma.rights())
    } else if !needed_by_others {
        (frame, vma.rights())
    } else {
        k.insert_swap_cache(slot, &frame);
        if fault.is_write() {
            let Ok(copy) = k.alloc() else {
                k.put(frame);
                return Err(OutOfMemory);
            };
            k.copy(&frame, &copy);
            k.put(frame);
            (copy, vma.rights())
        } else {
            (frame, vma.rights().read_only())
        }
    };
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn swap_cached(k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
    let nobody_else = k.mm(fault.page.pid).slot_users(slot) == 1 && k.frame(pfn).mappings == 0;
    let rights = k.vma(fault.page).rights();
    let frame = k.get(pfn);
    if nobody_else && fault.is_write() {
        let old = k.map(fault.page, frame, rights).never_cached(k);
        k.put_old(old);
        k.mark_exclusive(pfn);
    } else {
        let old = k.map(fault.page, frame, rights.read_only()).never_cached(k);
        k.put_old(old);
    }
    Ok(())
}

pub fn fork_swapped(_k: &mut Kernel, _parent: Page, _child: Page, _slot: SwapSlot) {
    // nothing to do: the page is on the disk, the child will fault it in itself
}
