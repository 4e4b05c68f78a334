// lab7.rs - Uma
use vmsim::prelude::*;

pub fn swap_out(k: &mut Kernel, pfn: Pfn) -> Repaired {
    let frame = k.frame(pfn);
    if let Usage::Object(page) = frame.usage {
        let slot = k.alloc_slot()?;
        k.write_swap(slot.slot(), pfn);
        let mappers = k.mappers(pfn);
        for m in mappers {
            let o = k.unmap(m).shoot_down(k);
            k.put_old(o);
        }
        let f = k.swap_object(page, slot);
        k.put(f);
        return Ok(());
    }
    let slot = if let Usage::Anon { swap_cache: Some(s), .. } = frame.usage {
        k.get_slot(s)
    } else {
        let s = k.alloc_slot()?;
        k.write_swap(s.slot(), pfn);
        s
    };
    let mappers = k.mappers(pfn);
    for m in mappers {
        let s = k.get_slot(slot.slot());
        let o = k.map_slot(m, s).shoot_down(k);
        k.put_old(o);
    }
    if let Some(f) = k.remove_swap_cache(slot.slot()) {
        k.put(f);
    }
    k.put_slot(slot);
    Ok(())
}

pub fn swap_in(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    let vma = k.vma(fault.page);
    let users = k.mm(fault.page.pid).slot_users(slot);
    let f = k.alloc()?;
    k.read_swap(slot, &f);
    if !vma.is_private() {
        if let Some(page) = vma.object_page(fault.page.vpn) {
            k.insert_cache(page, &f);
        }
    } else if users > 1 {
        k.insert_swap_cache(slot, &f); // for the others
        if fault.is_write() {
            let c = match k.alloc() {
                Ok(c) => c,
                Err(oom) => {
                    k.put(f);
                    return Err(oom);
                }
            };
            k.copy(&f, &c);
            k.put(f);
            let o = k.map(fault.page, c, vma.rights()).never_cached(k);
            k.put_old(o);
            return Ok(());
        }
    }
    // same rights as before it was swapped out
    let o = k.map(fault.page, f, vma.rights()).never_cached(k);
    k.put_old(o);
    Ok(())
}

pub fn swap_cached(k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
    let last = k.mm(fault.page.pid).slot_users(slot) == 1;
    let unmapped = k.frame(pfn).mappings == 0;
    let own = last && unmapped && fault.is_write();
    let rights = k.vma(fault.page).rights();
    let f = k.get(pfn);
    let o = k.map(fault.page, f, if own { rights } else { rights.read_only() }).never_cached(k);
    k.put_old(o);
    if own {
        k.mark_exclusive(pfn);
    }
    Ok(())
}

pub fn fork_swapped(k: &mut Kernel, _: Page, child: Page, slot: SwapSlot) {
    let s = k.get_slot(slot);
    let o = k.map_slot(child, s).never_cached(k);
    k.put_old(o);
}
