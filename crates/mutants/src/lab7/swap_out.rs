//! Mistakes in `swap_out`.

use naive::nearly::Nearly;
use solution::lab7::swap_out;
use vmsim::prelude::*;
use vmsim::refs::{Change, SlotRef};

use crate::afterwards::leak;

/// The page of shared memory that is in the frame, if it is one.
fn shared_memory(k: &Kernel, pfn: Pfn) -> Option<ObjectPage> {
    match k.frame(pfn).usage {
        Usage::Object(page) => Some(page),
        _ => None,
    }
}

/// The slot that the frame has already, if it is in the swap cache.
fn cached_slot(k: &Kernel, pfn: Pfn) -> Option<SwapSlot> {
    match k.frame(pfn).usage {
        Usage::Anon { swap_cache, .. } => swap_cache,
        _ => None,
    }
}

/// The slot for a page, and the page is in it.
fn slot_for(k: &mut Kernel, pfn: Pfn) -> Result<SlotRef, OutOfMemory> {
    if let Some(slot) = cached_slot(k, pfn) {
        return Ok(k.get_slot(slot));
    }
    let fresh = k.alloc_slot()?;
    k.write_swap(fresh.slot(), pfn);
    Ok(fresh)
}

/// Notes the slot at these mappers, or just empties their entries.
fn note_slot(
    k: &mut Kernel,
    mappers: Vec<Page>,
    slot: &SlotRef,
    shared_memory: bool,
    settle: fn(Change, &mut Kernel) -> Old,
) {
    for page in mappers {
        let change = if shared_memory {
            k.unmap(page)
        } else {
            let reference = k.get_slot(slot.slot());
            k.map_slot(page, reference)
        };
        let old = settle(change, k);
        k.put_old(old);
    }
}

/// Gives the frame up, and the slot to whom it belongs now.
fn give_up_frame(k: &mut Kernel, shared_memory: Option<ObjectPage>, slot: SlotRef) {
    if let Some(page) = shared_memory {
        let frame = k.swap_object(page, slot);
        k.put(frame);
        return;
    }
    if let Some(frame) = k.remove_swap_cache(slot.slot()) {
        k.put(frame);
    }
    k.put_slot(slot);
}

/// The reference's steps, for some of the mappers, and with what the TLBs hear left
/// open.
fn swap_out_from(
    k: &mut Kernel,
    pfn: Pfn,
    mappers: Vec<Page>,
    settle: fn(Change, &mut Kernel) -> Old,
) -> Repaired {
    let object = shared_memory(k, pfn);
    let slot = slot_for(k, pfn)?;
    note_slot(k, mappers, &slot, object.is_some(), settle);
    give_up_frame(k, object, slot);
    Ok(())
}

#[derive(Default)]
pub(crate) struct CleanIsNotWritten;

impl Nearly for CleanIsNotWritten {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        if k.is_dirty(pfn) || cached_slot(k, pfn).is_some() {
            return swap_out(k, pfn);
        }
        let object = shared_memory(k, pfn);
        let slot = k.alloc_slot()?;
        let mappers = k.mappers(pfn);
        note_slot(k, mappers, &slot, object.is_some(), Change::shoot_down);
        give_up_frame(k, object, slot);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct CleanIsDropped;

impl Nearly for CleanIsDropped {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        if k.is_dirty(pfn) || cached_slot(k, pfn).is_some() || shared_memory(k, pfn).is_some() {
            return swap_out(k, pfn);
        }
        for page in k.mappers(pfn) {
            let old = k.unmap(page).shoot_down(k);
            k.put_old(old);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct NotWritten;

impl Nearly for NotWritten {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        if cached_slot(k, pfn).is_some() {
            return swap_out(k, pfn);
        }
        let object = shared_memory(k, pfn);
        let slot = k.alloc_slot()?;
        let mappers = k.mappers(pfn);
        note_slot(k, mappers, &slot, object.is_some(), Change::shoot_down);
        give_up_frame(k, object, slot);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct SharedMemoryIsNotWritten;

impl Nearly for SharedMemoryIsNotWritten {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        match shared_memory(k, pfn) {
            Some(_) => NotWritten.swap_out(k, pfn),
            None => swap_out(k, pfn),
        }
    }
}

#[derive(Default)]
pub(crate) struct FirstMapperOnly;

impl Nearly for FirstMapperOnly {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        let mut mappers = k.mappers(pfn);
        mappers.truncate(1);
        swap_out_from(k, pfn, mappers, Change::shoot_down)
    }
}

#[derive(Default)]
pub(crate) struct LastMapperOnly;

impl Nearly for LastMapperOnly {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        let mut mappers = k.mappers(pfn);
        mappers.drain(..mappers.len().saturating_sub(1));
        swap_out_from(k, pfn, mappers, Change::shoot_down)
    }
}

#[derive(Default)]
pub(crate) struct AccessibleMappersOnly;

impl Nearly for AccessibleMappersOnly {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        let mut mappers = k.mappers(pfn);
        mappers.retain(|page| k.mm(page.pid).pte(page.vpn).present());
        swap_out_from(k, pfn, mappers, Change::shoot_down)
    }
}

#[derive(Default)]
pub(crate) struct OthersAreEmptied;

impl Nearly for OthersAreEmptied {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        for page in k.mappers(pfn).into_iter().skip(1) {
            let old = k.unmap(page).shoot_down(k);
            k.put_old(old);
        }
        swap_out(k, pfn)
    }
}

#[derive(Default)]
pub(crate) struct NoFlush;

impl Nearly for NoFlush {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        let mappers = k.mappers(pfn);
        swap_out_from(k, pfn, mappers, Change::never_cached)
    }
}

#[derive(Default)]
pub(crate) struct FlushesLocally;

impl Nearly for FlushesLocally {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        let mappers = k.mappers(pfn);
        swap_out_from(k, pfn, mappers, Change::flush_local)
    }
}

#[derive(Default)]
pub(crate) struct NoFlushForSharedMemory;

impl Nearly for NoFlushForSharedMemory {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        let mappers = k.mappers(pfn);
        match shared_memory(k, pfn) {
            Some(_) => swap_out_from(k, pfn, mappers, Change::flush_local),
            None => swap_out(k, pfn),
        }
    }
}

#[derive(Default)]
pub(crate) struct AlwaysAFreshSlot;

impl Nearly for AlwaysAFreshSlot {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        let Some(cached) = cached_slot(k, pfn) else {
            return swap_out(k, pfn);
        };
        let fresh = k.alloc_slot()?;
        k.write_swap(fresh.slot(), pfn);
        let mappers = k.mappers(pfn);
        note_slot(k, mappers, &fresh, false, Change::shoot_down);
        if let Some(frame) = k.remove_swap_cache(cached) {
            k.put(frame);
        }
        k.put_slot(fresh);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct CachedIsWrittenAgain;

impl Nearly for CachedIsWrittenAgain {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        if let Some(slot) = cached_slot(k, pfn) {
            k.write_swap(slot, pfn);
        }
        swap_out(k, pfn)
    }
}

#[derive(Default)]
pub(crate) struct StaysInTheSwapCache;

impl Nearly for StaysInTheSwapCache {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        if cached_slot(k, pfn).is_none() {
            return swap_out(k, pfn);
        }
        let slot = slot_for(k, pfn)?;
        let mappers = k.mappers(pfn);
        note_slot(k, mappers, &slot, false, Change::shoot_down);
        k.put_slot(slot);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct EntersTheSwapCache;

impl Nearly for EntersTheSwapCache {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        if cached_slot(k, pfn).is_some() || shared_memory(k, pfn).is_some() {
            return swap_out(k, pfn);
        }
        let slot = slot_for(k, pfn)?;
        let held = k.get(pfn);
        k.insert_swap_cache(slot.slot(), &held);
        let mappers = k.mappers(pfn);
        note_slot(k, mappers, &slot, false, Change::shoot_down);
        k.put(held);
        k.put_slot(slot);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct CachedSlotIsLeaked;

impl Nearly for CachedSlotIsLeaked {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        if let Some(slot) = cached_slot(k, pfn) {
            let _forgotten = k.get_slot(slot);
        }
        swap_out(k, pfn)
    }
}

#[derive(Default)]
pub(crate) struct FrameOfSharedMemoryIsLeaked;

impl Nearly for FrameOfSharedMemoryIsLeaked {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        if shared_memory(k, pfn).is_some() {
            leak(k, pfn);
        }
        swap_out(k, pfn)
    }
}

#[derive(Default)]
pub(crate) struct SharedMemoryIsPrivate;

impl Nearly for SharedMemoryIsPrivate {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        let Some(page) = shared_memory(k, pfn) else {
            return swap_out(k, pfn);
        };
        let slot = slot_for(k, pfn)?;
        let mappers = k.mappers(pfn);
        note_slot(k, mappers, &slot, false, Change::shoot_down);
        let frame = k.remove_cache(page);
        k.put(frame);
        k.put_slot(slot);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct SharedMemoryIsNotNoted;

impl Nearly for SharedMemoryIsNotNoted {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        let Some(page) = shared_memory(k, pfn) else {
            return swap_out(k, pfn);
        };
        let slot = slot_for(k, pfn)?;
        let mappers = k.mappers(pfn);
        note_slot(k, mappers, &slot, true, Change::shoot_down);
        let frame = k.remove_cache(page);
        k.put(frame);
        k.put_slot(slot);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct SharedMemoryStaysMapped;

impl Nearly for SharedMemoryStaysMapped {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        match shared_memory(k, pfn) {
            Some(_) => swap_out_from(k, pfn, Vec::new(), Change::shoot_down),
            None => swap_out(k, pfn),
        }
    }
}

#[derive(Default)]
pub(crate) struct OnlyWhatIsMapped;

impl Nearly for OnlyWhatIsMapped {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        if k.mappers(pfn).is_empty() {
            return Ok(());
        }
        swap_out(k, pfn)
    }
}

#[derive(Default)]
pub(crate) struct ReadOnlyIsDropped;

impl Nearly for ReadOnlyIsDropped {
    fn swap_out(&self, k: &mut Kernel, pfn: Pfn) -> Repaired {
        let mappers = k.mappers(pfn);
        if mappers.is_empty() || mappers.iter().any(|&page| k.vma(page).prot.write()) {
            return swap_out(k, pfn);
        }
        for page in mappers {
            let old = k.unmap(page).shoot_down(k);
            k.put_old(old);
        }
        Ok(())
    }
}
