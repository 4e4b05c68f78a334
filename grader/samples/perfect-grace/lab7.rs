//! Grace, lab 7.

use super::lab2::install;
use vmsim::prelude::*;
use vmsim::refs::SlotRef;

pub fn swap_out(k: &mut Kernel, pfn: Pfn) -> Repaired {
    let usage = k.frame(pfn).usage;
    let slot = slot_with_the_bytes(k, usage, pfn)?;
    let mut mappers = k.mappers(pfn).into_iter();
    match usage {
        Usage::Object(page) => {
            mappers.for_each(|mapper| {
                let frame = k.unmap(mapper).shoot_down(k);
                k.put_old(frame);
            });
            let last = k.swap_object(page, slot);
            k.put(last);
        }
        _ => {
            while let Some(mapper) = mappers.next() {
                let note = k.get_slot(slot.slot());
                let frame = k.map_slot(mapper, note).shoot_down(k);
                k.put_old(frame);
            }
            if let Some(cached) = k.remove_swap_cache(slot.slot()) {
                k.put(cached);
            }
            k.put_slot(slot);
        }
    }
    Ok(())
}

fn slot_with_the_bytes(k: &mut Kernel, usage: Usage, pfn: Pfn) -> Result<SlotRef, OutOfMemory> {
    match usage {
        Usage::Anon { swap_cache: Some(slot), .. } => Ok(k.get_slot(slot)),
        _ => k.alloc_slot().inspect(|slot| k.write_swap(slot.slot(), pfn)),
    }
}

pub fn swap_in(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    let frame = k.alloc()?;
    k.read_swap(slot, &frame);

    let vma = k.vma(fault.page);
    let rights = vma.rights();
    let users = k.mm(fault.page.pid).slot_users(slot);
    match (vma.is_private(), users, fault.is_write()) {
        (false, _, _) => {
            if let Some(page) = vma.object_page(fault.page.vpn) {
                k.insert_cache(page, &frame);
            }
            install(k, fault.page, frame, rights);
        }
        (true, 1, _) => install(k, fault.page, frame, rights),
        (true, _, false) => {
            k.insert_swap_cache(slot, &frame);
            install(k, fault.page, frame, rights.read_only());
        }
        (true, _, true) => {
            k.insert_swap_cache(slot, &frame);
            let done = k.alloc().map(|copy| {
                k.copy(&frame, &copy);
                install(k, fault.page, copy, rights);
            });
            k.put(frame);
            return done;
        }
    }
    Ok(())
}

pub fn swap_cached(k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let users = k.mm(fault.page.pid).slot_users(slot);
    let mappings = k.frame(pfn).mappings;
    let frame = k.get(pfn);
    match (users, mappings, fault.is_write()) {
        (1, 0, true) => {
            install(k, fault.page, frame, rights);
            k.mark_exclusive(pfn);
        }
        _ => install(k, fault.page, frame, rights.read_only()),
    }
    Ok(())
}

pub fn fork_swapped(k: &mut Kernel, _: Page, child: Page, slot: SwapSlot) {
    let note = k.get_slot(slot);
    let nothing = k.map_slot(child, note).never_cached(k);
    k.put_old(nothing);
}
