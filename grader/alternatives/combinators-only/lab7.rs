// Lab 7. Iterators over the reverse map, closures for the two kinds of memory. A slot
// that exists already is "allocated" by taking a reference, so that the rest of swap_out
// need not know where it came from.

use vmsim::prelude::*;
use vmsim::refs::{Change, SlotRef};

pub fn swap_out(k: &mut Kernel, pfn: Pfn) -> Repaired {
    let (object, slot) = match k.frame(pfn).usage {
        Usage::Object(page) => (Some(page), None),
        Usage::Anon { swap_cache, .. } => (None, swap_cache),
        Usage::Free | Usage::Zero => (None, None),
    };
    let taken: Result<SlotRef, OutOfMemory> = match slot {
        Some(slot) => Ok(k.get_slot(slot)),
        None => k
            .alloc_slot()
            .inspect(|fresh| k.write_swap(fresh.slot(), pfn)),
    };
    taken.map(|taken| {
        let number = taken.slot();
        let leave = |k: &mut Kernel, page: Page| -> Change {
            match object {
                Some(_) => k.unmap(page),
                None => {
                    let note = k.get_slot(number);
                    k.map_slot(page, note)
                }
            }
        };
        k.mappers(pfn).into_iter().rev().for_each(|page| {
            let old = leave(k, page).shoot_down(k);
            k.put_old(old);
        });
        let cache = match object {
            Some(page) => Some(k.swap_object(page, taken)),
            None => {
                let frame = k.remove_swap_cache(number);
                k.put_slot(taken);
                frame
            }
        };
        cache.into_iter().for_each(|frame| k.put(frame));
    })
}

pub fn swap_in(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    let vma = k.vma(fault.page);
    let others = k.mm(fault.page.pid).slot_users(slot) > 1;
    let object = Some(vma)
        .filter(|vma| !vma.is_private())
        .and_then(|vma| vma.object_page(fault.page.vpn));
    let rights = match (object, others && !fault.is_write()) {
        (None, true) => vma.rights().read_only(),
        _ => vma.rights(),
    };
    let frame = k.alloc().inspect(|frame| k.read_swap(slot, frame))?;
    match object {
        Some(page) => k.insert_cache(page, &frame),
        None => Some(slot)
            .filter(|_| others)
            .into_iter()
            .for_each(|slot| k.insert_swap_cache(slot, &frame)),
    }
    let shown = if object.is_none() && others && fault.is_write() {
        let copy = k.alloc().inspect(|copy| k.copy(&frame, copy));
        k.put(frame);
        copy
    } else {
        Ok(frame)
    };
    shown.map(|frame| {
        let old = k.map(fault.page, frame, rights).never_cached(k);
        k.put_old(old);
    })
}

pub fn swap_cached(k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
    let mine = [
        fault.is_write(),
        k.mm(fault.page.pid).slot_users(slot) == 1,
        k.frame(pfn).mappings == 0,
    ]
    .into_iter()
    .all(|reason| reason);
    let all = k.vma(fault.page).rights();
    let frame = k.get(pfn);
    // Read-only for everybody to begin with; the right to write is added.
    let old = k.map(fault.page, frame, all.read_only()).never_cached(k);
    k.put_old(old);
    if mine {
        k.mark_exclusive(pfn);
        let old = k.protect(fault.page, all).only_widens(k);
        k.put_old(old);
    }
    Ok(())
}

pub fn fork_swapped(k: &mut Kernel, _: Page, child: Page, slot: SwapSlot) {
    let note = k.get_slot(slot);
    let old = k.map_slot(child, note).never_cached(k);
    k.put_old(old);
}
