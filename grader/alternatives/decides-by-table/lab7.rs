// Lab 7. Where a page goes when it leaves memory is an enum of my own with its slot in
// it; the steps then run over a list of all entries. The last entry gets the reference
// that `alloc_slot` gave me, so that nothing is left to give back.

use std::collections::VecDeque;

use vmsim::prelude::*;
use vmsim::refs::SlotRef;

enum Goes {
    /// Into a slot that has its bytes already.
    Back(SwapSlot),
    /// Into a fresh slot.
    Out(SlotRef),
    /// Into a fresh slot that the object notes.
    OutOfObject(ObjectPage, SlotRef),
}

pub fn swap_out(k: &mut Kernel, pfn: Pfn) -> Repaired {
    let goes = match k.frame(pfn).usage {
        Usage::Anon {
            swap_cache: Some(slot),
            ..
        } => Goes::Back(slot),
        Usage::Object(page) => Goes::OutOfObject(page, k.alloc_slot()?),
        _ => Goes::Out(k.alloc_slot()?),
    };
    let mut pages: VecDeque<Page> = k.mappers(pfn).into();
    match goes {
        Goes::OutOfObject(page, slot) => {
            k.write_swap(slot.slot(), pfn);
            while let Some(mapper) = pages.pop_back() {
                let old = k.unmap(mapper).shoot_down(k);
                k.put_old(old);
            }
            let frame = k.swap_object(page, slot);
            k.put(frame);
        }
        Goes::Out(mine) => {
            k.write_swap(mine.slot(), pfn);
            let references = pages.iter().skip(1).map(|_| k.get_slot(mine.slot()));
            let mut references: Vec<SlotRef> = references.collect();
            references.push(mine);
            note(k, pages, references);
        }
        Goes::Back(slot) => {
            let references = pages.iter().map(|_| k.get_slot(slot)).collect();
            note(k, pages, references);
            let cached = k.remove_swap_cache(slot);
            cached.into_iter().for_each(|frame| k.put(frame));
        }
    }
    Ok(())
}

/// A reference for each page, into its entry; what is left over is given back.
fn note(k: &mut Kernel, mut pages: VecDeque<Page>, references: Vec<SlotRef>) {
    for reference in references {
        match pages.pop_front() {
            Some(page) => {
                let old = k.map_slot(page, reference).shoot_down(k);
                k.put_old(old);
            }
            None => k.put_slot(reference),
        }
    }
}

/// How a page comes back: by whether others need its slot, and whether it is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comes {
    ForMe,
    ForAll(ObjectPage),
    ToBeShared,
    ToBeCopied,
}

pub fn swap_in(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    let vma = k.vma(fault.page);
    let shared_page = vma
        .object_page(fault.page.vpn)
        .filter(|_| !vma.is_private());
    let others = k.mm(fault.page.pid).slot_users(slot) > 1;
    let comes = match (shared_page, others, fault.is_write()) {
        (Some(page), ..) => Comes::ForAll(page),
        (None, false, _) => Comes::ForMe,
        (None, true, false) => Comes::ToBeShared,
        (None, true, true) => Comes::ToBeCopied,
    };

    let mut frame = k.alloc()?;
    k.read_swap(slot, &frame);
    match comes {
        Comes::ForMe => {}
        Comes::ForAll(page) => k.insert_cache(page, &frame),
        Comes::ToBeShared => k.insert_swap_cache(slot, &frame),
        Comes::ToBeCopied => {
            k.insert_swap_cache(slot, &frame);
            let copy = k.alloc();
            if let Ok(copy) = &copy {
                k.copy(&frame, copy);
            }
            k.put(frame);
            frame = copy?;
        }
    }
    let rights = match comes {
        Comes::ToBeShared => vma.rights().read_only(),
        _ => vma.rights(),
    };
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn swap_cached(k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
    let users = (k.mm(fault.page.pid).slot_users(slot), k.frame(pfn).mappings);
    let rights = k.vma(fault.page).rights();
    let frame = k.get(pfn);
    let change = match (users, fault.is_write()) {
        ((1, 0), true) => {
            k.mark_exclusive(pfn);
            k.map(fault.page, frame, rights)
        }
        _ => k.map(fault.page, frame, rights.read_only()),
    };
    let old = change.never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn fork_swapped(k: &mut Kernel, parent: Page, child: Page, slot: SwapSlot) {
    let _the_same_slot = parent;
    let reference = k.get_slot(slot);
    let old = k.map_slot(child, reference).never_cached(k);
    k.put_old(old);
}
