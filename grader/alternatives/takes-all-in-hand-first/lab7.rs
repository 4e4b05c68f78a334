// Lab 7. Slots before frames: a page that leaves gets its slot and one reference for each
// entry before the first entry is changed. The page is written when it is out of all of
// them.

use vmsim::prelude::*;
use vmsim::refs::{FrameRef, SlotRef};

pub fn swap_out(k: &mut Kernel, pfn: Pfn) -> Repaired {
    let frame = k.get(pfn);
    let done = match k.frame(pfn).usage {
        Usage::Object(page) => to_object(k, page, &frame),
        Usage::Anon {
            swap_cache: Some(slot),
            ..
        } => {
            to_entries(k, slot, &frame);
            if let Some(cached) = k.remove_swap_cache(slot) {
                k.put(cached);
            }
            Ok(())
        }
        _ => to_fresh_slot(k, &frame),
    };
    k.put(frame);
    done
}

fn to_object(k: &mut Kernel, page: ObjectPage, frame: &FrameRef) -> Repaired {
    let slot = k.alloc_slot()?;
    for mapper in k.mappers(frame.pfn()) {
        let old = k.unmap(mapper).shoot_down(k);
        k.put_old(old);
    }
    k.write_swap(slot.slot(), frame.pfn());
    let cached = k.swap_object(page, slot);
    k.put(cached);
    Ok(())
}

fn to_fresh_slot(k: &mut Kernel, frame: &FrameRef) -> Repaired {
    let slot = k.alloc_slot()?;
    to_entries(k, slot.slot(), frame);
    k.write_swap(slot.slot(), frame.pfn());
    k.put_slot(slot);
    Ok(())
}

fn to_entries(k: &mut Kernel, slot: SwapSlot, frame: &FrameRef) {
    let mappers = k.mappers(frame.pfn());
    let references: Vec<SlotRef> = mappers.iter().map(|_| k.get_slot(slot)).collect();
    for (page, reference) in mappers.into_iter().zip(references) {
        let old = k.map_slot(page, reference).shoot_down(k);
        k.put_old(old);
    }
}

pub fn swap_in(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    let mine = k.get_slot(slot);
    // One user is this very reference, another the entry or the object.
    let others = k.mm(fault.page.pid).slot_users(slot) > 2;
    let done = bring_in(k, fault, slot, others);
    k.put_slot(mine);
    done
}

fn bring_in(k: &mut Kernel, fault: &PageFault, slot: SwapSlot, others: bool) -> Repaired {
    let vma = k.vma(fault.page);
    let frame = k.alloc()?;
    k.read_swap(slot, &frame);
    if let (false, Some(page)) = (vma.is_private(), vma.object_page(fault.page.vpn)) {
        k.insert_cache(page, &frame);
        show(k, fault.page, frame, Use::Everything);
        return Ok(());
    }
    if !others {
        show(k, fault.page, frame, Use::Everything);
        return Ok(());
    }
    k.insert_swap_cache(slot, &frame);
    if !fault.is_write() {
        show(k, fault.page, frame, Use::NoWriting);
        return Ok(());
    }
    let Ok(copy) = k.alloc() else {
        k.put(frame);
        return Err(OutOfMemory);
    };
    k.copy(&frame, &copy);
    show(k, fault.page, copy, Use::Everything);
    k.put(frame);
    Ok(())
}

/// What the program may do with a page that comes back.
enum Use {
    Everything,
    NoWriting,
}

fn show(k: &mut Kernel, page: Page, frame: FrameRef, use_: Use) {
    let all = k.vma(page).rights();
    let rights = match use_ {
        Use::Everything => all,
        Use::NoWriting => all.read_only(),
    };
    let old = k.map(page, frame, rights).never_cached(k);
    k.put_old(old);
}

pub fn swap_cached(k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
    let frame = k.get(pfn);
    let users = k.mm(fault.page.pid).slot_users(slot);
    let take_over = fault.is_write() && users == 1 && k.frame(pfn).mappings == 0;
    if take_over {
        show(k, fault.page, frame, Use::Everything);
        k.mark_exclusive(pfn);
    } else {
        show(k, fault.page, frame, Use::NoWriting);
    }
    Ok(())
}

pub fn fork_swapped(k: &mut Kernel, parent: Page, child: Page, slot: SwapSlot) {
    debug_assert_eq!(parent.vpn, child.vpn);
    let reference = k.get_slot(slot);
    let change = k.map_slot(child, reference);
    let old = change.never_cached(k);
    k.put_old(old);
}
