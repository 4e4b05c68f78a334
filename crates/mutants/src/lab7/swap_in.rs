//! Mistakes in `swap_in`.

use naive::nearly::Nearly;
use solution::lab7::swap_in;
use vmsim::prelude::*;
use vmsim::refs::FrameRef;

use crate::afterwards::{as_access, insist, map_fresh, read_only, writable};

fn users(k: &Kernel, fault: &PageFault, slot: SwapSlot) -> u32 {
    k.mm(fault.page.pid).slot_users(slot)
}

fn is_shared_slot(k: &Kernel, fault: &PageFault, slot: SwapSlot) -> bool {
    users(k, fault, slot) > 1
}

/// The page of shared memory that faults, if it is one.
fn shared_memory(k: &Kernel, fault: &PageFault) -> Option<ObjectPage> {
    let vma = k.vma(fault.page);
    vma.object_page(fault.page.vpn)
        .filter(|_| !vma.is_private())
}

/// Reads the page into a frame of the process's own, whoever else needs the slot.
fn read_for_itself(k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let frame = k.alloc()?;
    k.read_swap(slot, &frame);
    map_fresh(k, fault.page, frame, rights);
    Ok(())
}

#[derive(Default)]
pub(crate) struct ReadsTheSlotOfTheNextPage;

impl Nearly for ReadsTheSlotOfTheNextPage {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        let next = Page {
            vpn: Vpn(fault.page.vpn.0 + 1),
            ..fault.page
        };
        match k.entry(next) {
            Entry::Swapped(other) => swap_in(k, fault, other),
            _ => swap_in(k, fault, slot),
        }
    }
}

#[derive(Default)]
pub(crate) struct NotLeftInTheSwapCache;

impl Nearly for NotLeftInTheSwapCache {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        if is_shared_slot(k, fault, slot) {
            return read_for_itself(k, fault, slot);
        }
        swap_in(k, fault, slot)
    }
}

#[derive(Default)]
pub(crate) struct WriteIsNotLeftInTheSwapCache;

impl Nearly for WriteIsNotLeftInTheSwapCache {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        if is_shared_slot(k, fault, slot) && fault.is_write() {
            return read_for_itself(k, fault, slot);
        }
        swap_in(k, fault, slot)
    }
}

#[derive(Default)]
pub(crate) struct TwoUsersAreNoSharers;

impl Nearly for TwoUsersAreNoSharers {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        if users(k, fault, slot) == 2 {
            return read_for_itself(k, fault, slot);
        }
        swap_in(k, fault, slot)
    }
}

/// Leaves the page in the swap cache and maps it with these rights.
fn map_from_swap_cache(
    k: &mut Kernel,
    fault: &PageFault,
    slot: SwapSlot,
    may_write: bool,
) -> Repaired {
    let all = k.vma(fault.page).rights();
    let frame = k.alloc()?;
    k.read_swap(slot, &frame);
    k.insert_swap_cache(slot, &frame);
    let rights = if may_write { all } else { all.read_only() };
    map_fresh(k, fault.page, frame, rights);
    Ok(())
}

#[derive(Default)]
pub(crate) struct OneUserIsASharer;

impl Nearly for OneUserIsASharer {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        if is_shared_slot(k, fault, slot) || shared_memory(k, fault).is_some() {
            return swap_in(k, fault, slot);
        }
        map_from_swap_cache(k, fault, slot, fault.is_write())
    }
}

#[derive(Default)]
pub(crate) struct AlwaysInTheSwapCache;

impl Nearly for AlwaysInTheSwapCache {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        if is_shared_slot(k, fault, slot) || shared_memory(k, fault).is_some() {
            return swap_in(k, fault, slot);
        }
        map_from_swap_cache(k, fault, slot, true)
    }
}

#[derive(Default)]
pub(crate) struct SharedReadIsWritable;

impl Nearly for SharedReadIsWritable {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        let shared = is_shared_slot(k, fault, slot);
        swap_in(k, fault, slot)?;
        if shared {
            writable(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct SharedWriteIsNotCopied;

impl Nearly for SharedWriteIsNotCopied {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        if is_shared_slot(k, fault, slot) && fault.is_write() {
            return map_from_swap_cache(k, fault, slot, true);
        }
        swap_in(k, fault, slot)
    }
}

#[derive(Default)]
pub(crate) struct SharedWriteTakesTwoFaults;

impl Nearly for SharedWriteTakesTwoFaults {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        if is_shared_slot(k, fault, slot) {
            return swap_in(k, &as_access(fault, Access::Read), slot);
        }
        swap_in(k, fault, slot)
    }
}

#[derive(Default)]
pub(crate) struct SharedIsExclusive;

impl Nearly for SharedIsExclusive {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        let shared = is_shared_slot(k, fault, slot);
        swap_in(k, fault, slot)?;
        if shared
            && !fault.is_write()
            && let Entry::Anon { pfn, .. } = k.entry(fault.page)
        {
            k.mark_exclusive(pfn);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct OwnIsNotExclusive;

impl Nearly for OwnIsNotExclusive {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        swap_in(k, fault, slot)?;
        if let Entry::Anon { pfn, .. } = k.entry(fault.page) {
            k.mark_shared(pfn);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct OwnReadIsReadOnly;

impl Nearly for OwnReadIsReadOnly {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        swap_in(k, fault, slot)?;
        if !fault.is_write() {
            read_only(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct OwnWriteIsReadOnly;

impl Nearly for OwnWriteIsReadOnly {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        let shared = is_shared_slot(k, fault, slot);
        swap_in(k, fault, slot)?;
        if !shared {
            read_only(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct EveryWriteIsCopied;

impl Nearly for EveryWriteIsCopied {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        let shared = is_shared_slot(k, fault, slot) || shared_memory(k, fault).is_some();
        swap_in(k, fault, slot)?;
        match k.entry(fault.page) {
            Entry::Anon { pfn, .. } if fault.is_write() && !shared => {
                solution::lab5::copy_on_write(k, fault, pfn)
            }
            _ => Ok(()),
        }
    }
}

#[derive(Default)]
pub(crate) struct SlotIsNotRead;

impl Nearly for SlotIsNotRead {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        if is_shared_slot(k, fault, slot) || shared_memory(k, fault).is_some() {
            return swap_in(k, fault, slot);
        }
        solution::lab2::demand_zero(k, fault)
    }
}

/// Maps a copy for the writer of a shared slot, made in two frames as `fill` says.
fn copy_for_writer(
    k: &mut Kernel,
    fault: &PageFault,
    slot: SwapSlot,
    fill: impl FnOnce(&mut Kernel, &FrameRef, &FrameRef),
) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let frame = k.alloc()?;
    k.read_swap(slot, &frame);
    k.insert_swap_cache(slot, &frame);
    let copy = match k.alloc() {
        Ok(copy) => copy,
        Err(out_of_memory) => {
            k.put(frame);
            return Err(out_of_memory);
        }
    };
    fill(k, &frame, &copy);
    k.put(frame);
    map_fresh(k, fault.page, copy, rights);
    Ok(())
}

#[derive(Default)]
pub(crate) struct CopyIsNotFilled;

impl Nearly for CopyIsNotFilled {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        if is_shared_slot(k, fault, slot) && fault.is_write() {
            return copy_for_writer(k, fault, slot, |_, _, _| {});
        }
        swap_in(k, fault, slot)
    }
}

#[derive(Default)]
pub(crate) struct CopyIsReadOnly;

impl Nearly for CopyIsReadOnly {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        let shared = is_shared_slot(k, fault, slot);
        swap_in(k, fault, slot)?;
        if shared && fault.is_write() {
            read_only(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct PageIsNotHeld;

impl Nearly for PageIsNotHeld {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        if !(is_shared_slot(k, fault, slot) && fault.is_write()) {
            return swap_in(k, fault, slot);
        }
        let rights = k.vma(fault.page).rights();
        let frame = k.alloc()?;
        k.read_swap(slot, &frame);
        k.insert_swap_cache(slot, &frame);
        let pfn = frame.pfn();
        k.put(frame);
        let copy = k.alloc()?;
        let frame = k.get(pfn);
        k.copy(&frame, &copy);
        k.put(frame);
        map_fresh(k, fault.page, copy, rights);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct PageIsLeakedWithoutMemory;

impl Nearly for PageIsLeakedWithoutMemory {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        if !(is_shared_slot(k, fault, slot) && fault.is_write()) {
            return swap_in(k, fault, slot);
        }
        let rights = k.vma(fault.page).rights();
        let frame = k.alloc()?;
        k.read_swap(slot, &frame);
        k.insert_swap_cache(slot, &frame);
        let copy = k.alloc()?;
        k.copy(&frame, &copy);
        k.put(frame);
        map_fresh(k, fault.page, copy, rights);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct SlotIsGivenUpFirst;

impl Nearly for SlotIsGivenUpFirst {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        if is_shared_slot(k, fault, slot) || shared_memory(k, fault).is_some() {
            return swap_in(k, fault, slot);
        }
        let rights = k.vma(fault.page).rights();
        let old = k.unmap(fault.page).never_cached(k);
        let frame = k.alloc();
        if let Ok(frame) = &frame {
            k.read_swap(slot, frame);
        }
        k.put_old(old);
        map_fresh(k, fault.page, frame?, rights);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct SlotIsLeaked;

impl Nearly for SlotIsLeaked {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        let _forgotten = k.get_slot(slot);
        swap_in(k, fault, slot)
    }
}

#[derive(Default)]
pub(crate) struct InsistsOnMemory;

impl Nearly for InsistsOnMemory {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        insist(swap_in(k, fault, slot))
    }
}

#[derive(Default)]
pub(crate) struct SharedMemoryIsPrivate;

impl Nearly for SharedMemoryIsPrivate {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        match shared_memory(k, fault) {
            Some(_) => read_for_itself(k, fault, slot),
            None => swap_in(k, fault, slot),
        }
    }
}

#[derive(Default)]
pub(crate) struct SharedMemoryIsReadOnly;

impl Nearly for SharedMemoryIsReadOnly {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        swap_in(k, fault, slot)?;
        if shared_memory(k, fault).is_some() && !fault.is_write() {
            read_only(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct PrivateCopyGoesIntoTheFile;

impl Nearly for PrivateCopyGoesIntoTheFile {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        let vma = k.vma(fault.page);
        match vma.object_page(fault.page.vpn) {
            Some(page) if vma.is_private() => {
                let frame = k.alloc()?;
                k.read_swap(slot, &frame);
                k.insert_cache(page, &frame);
                map_fresh(k, fault.page, frame, vma.rights());
                Ok(())
            }
            _ => swap_in(k, fault, slot),
        }
    }
}

#[derive(Default)]
pub(crate) struct CallsAreWrites;

impl Nearly for CallsAreWrites {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        let access = if fault.mode == Mode::Kernel {
            Access::Write
        } else {
            fault.access
        };
        swap_in(k, &as_access(fault, access), slot)
    }
}

#[derive(Default)]
pub(crate) struct CallsAreReads;

impl Nearly for CallsAreReads {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        let access = if fault.mode == Mode::Kernel {
            Access::Read
        } else {
            fault.access
        };
        swap_in(k, &as_access(fault, access), slot)
    }
}

#[derive(Default)]
pub(crate) struct FetchCountsAsWrite;

impl Nearly for FetchCountsAsWrite {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        let access = if fault.access == Access::Exec {
            Access::Write
        } else {
            fault.access
        };
        swap_in(k, &as_access(fault, access), slot)
    }
}

#[derive(Default)]
pub(crate) struct CopyIsMarkedShared;

impl Nearly for CopyIsMarkedShared {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        if is_shared_slot(k, fault, slot) && fault.is_write() {
            return copy_for_writer(k, fault, slot, |k, frame, copy| {
                k.copy(frame, copy);
                k.mark_shared(copy.pfn());
            });
        }
        swap_in(k, fault, slot)
    }
}
