// Lab 7. The frame is held while its pages are taken out, and it is written to the slot
// only when no page maps it any more: nobody can write to it in between. What is shot
// down is what a CPU can know.

use super::lab2::{finish, may_be_cached};
use vmsim::prelude::*;

pub fn swap_out(k: &mut Kernel, pfn: Pfn) -> Repaired {
    if let Usage::Object(page) = k.frame(pfn).usage {
        return shared_memory_out(k, page, pfn);
    }
    if let Some(slot) = slot_in_use(k, pfn) {
        note_everywhere(k, pfn, slot);
        drop_from_swap_cache(k, slot);
        return Ok(());
    }
    let mine = k.alloc_slot()?;
    let frame = k.get(pfn);
    note_everywhere(k, pfn, mine.slot());
    k.write_swap(mine.slot(), frame.pfn());
    k.put(frame);
    k.put_slot(mine);
    Ok(())
}

fn slot_in_use(k: &Kernel, pfn: Pfn) -> Option<SwapSlot> {
    let Usage::Anon { swap_cache, .. } = k.frame(pfn).usage else {
        return None;
    };
    swap_cache
}

fn note_everywhere(k: &mut Kernel, pfn: Pfn, slot: SwapSlot) {
    for page in k.mappers(pfn) {
        let known = may_be_cached(k, page);
        let reference = k.get_slot(slot);
        let change = k.map_slot(page, reference);
        finish(k, change, known);
    }
}

fn drop_from_swap_cache(k: &mut Kernel, slot: SwapSlot) {
    if let Some(frame) = k.remove_swap_cache(slot) {
        k.put(frame);
    }
}

fn shared_memory_out(k: &mut Kernel, page: ObjectPage, pfn: Pfn) -> Repaired {
    let slot = k.alloc_slot()?;
    for mapper in k.mappers(pfn) {
        let known = may_be_cached(k, mapper);
        let change = k.unmap(mapper);
        finish(k, change, known);
    }
    k.write_swap(slot.slot(), pfn);
    let frame = k.swap_object(page, slot);
    k.put(frame);
    Ok(())
}

pub fn swap_in(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    let vma = k.vma(fault.page);
    if !vma.is_private() {
        return shared_memory_in(k, fault, slot);
    }
    if k.mm(fault.page.pid).slot_users(slot) > 1 {
        return in_for_several(k, fault, slot);
    }
    let frame = k.alloc()?;
    k.read_swap(slot, &frame);
    let change = k.map(fault.page, frame, vma.rights());
    finish(k, change, false);
    Ok(())
}

fn shared_memory_in(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    let vma = k.vma(fault.page);
    let Some(page) = vma.object_page(fault.page.vpn) else {
        return Ok(());
    };
    let frame = k.alloc()?;
    k.read_swap(slot, &frame);
    k.insert_cache(page, &frame);
    let change = k.map(fault.page, frame, vma.rights());
    finish(k, change, false);
    Ok(())
}

fn in_for_several(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let frame = k.alloc()?;
    k.read_swap(slot, &frame);
    k.insert_swap_cache(slot, &frame);
    if !fault.is_write() {
        let change = k.map(fault.page, frame, rights.read_only());
        finish(k, change, false);
        return Ok(());
    }
    let Ok(copy) = k.alloc() else {
        k.put(frame);
        return Err(OutOfMemory);
    };
    k.copy(&frame, &copy);
    k.put(frame);
    let change = k.map(fault.page, copy, rights);
    finish(k, change, false);
    Ok(())
}

pub fn swap_cached(k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
    let mut rights = k.vma(fault.page).rights();
    let last = k.mm(fault.page.pid).slot_users(slot) == 1 && k.frame(pfn).mappings == 0;
    let mine = last && fault.is_write();
    if !mine {
        rights = rights.read_only();
    }
    let frame = k.get(pfn);
    let change = k.map(fault.page, frame, rights);
    finish(k, change, false);
    if mine {
        k.mark_exclusive(pfn);
    }
    Ok(())
}

pub fn fork_swapped(k: &mut Kernel, _parent: Page, child: Page, slot: SwapSlot) {
    let reference = k.get_slot(slot);
    let change = k.map_slot(child, reference);
    finish(k, change, false);
}
