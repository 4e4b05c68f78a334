//! Mistakes in `swap_cached`.

use naive::nearly::Nearly;
use solution::lab7::swap_cached;
use vmsim::prelude::*;

use crate::afterwards::{as_access, map_fresh, writable};

#[derive(Default)]
pub(crate) struct Writable;

impl Nearly for Writable {
    fn swap_cached(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
        swap_cached(k, fault, slot, pfn)?;
        writable(k, fault.page);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct OnlyMapperMayWrite;

impl Nearly for OnlyMapperMayWrite {
    fn swap_cached(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
        swap_cached(k, fault, slot, pfn)?;
        if k.frame(pfn).mappings == 1 {
            writable(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct OnlyUserOfTheSlotMayWrite;

impl Nearly for OnlyUserOfTheSlotMayWrite {
    fn swap_cached(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
        let only_user = k.mm(fault.page.pid).slot_users(slot) == 1;
        swap_cached(k, fault, slot, pfn)?;
        if only_user {
            writable(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct ReadTakesOver;

impl Nearly for ReadTakesOver {
    fn swap_cached(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
        swap_cached(k, &as_access(fault, Access::Write), slot, pfn)
    }
}

#[derive(Default)]
pub(crate) struct NeverTakesOver;

impl Nearly for NeverTakesOver {
    fn swap_cached(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
        swap_cached(k, &as_access(fault, Access::Read), slot, pfn)
    }
}

#[derive(Default)]
pub(crate) struct TakenOverIsNotExclusive;

impl Nearly for TakenOverIsNotExclusive {
    fn swap_cached(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
        swap_cached(k, fault, slot, pfn)?;
        k.mark_shared(pfn);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct ReadIsExclusive;

impl Nearly for ReadIsExclusive {
    fn swap_cached(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
        swap_cached(k, fault, slot, pfn)?;
        k.mark_exclusive(pfn);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct SlotIsLeaked;

impl Nearly for SlotIsLeaked {
    fn swap_cached(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
        let _forgotten = k.get_slot(slot);
        swap_cached(k, fault, slot, pfn)
    }
}

#[derive(Default)]
pub(crate) struct ReadsAgain;

impl Nearly for ReadsAgain {
    fn swap_cached(
        &self,
        k: &mut Kernel,
        fault: &PageFault,
        slot: SwapSlot,
        _pfn: Pfn,
    ) -> Repaired {
        let rights = k.vma(fault.page).rights();
        let frame = k.alloc()?;
        k.read_swap(slot, &frame);
        map_fresh(k, fault.page, frame, rights);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct Copies;

impl Nearly for Copies {
    fn swap_cached(
        &self,
        k: &mut Kernel,
        fault: &PageFault,
        _slot: SwapSlot,
        pfn: Pfn,
    ) -> Repaired {
        solution::lab5::copy_on_write(k, fault, pfn)
    }
}

#[derive(Default)]
pub(crate) struct LeavesTheSwapCache;

impl Nearly for LeavesTheSwapCache {
    fn swap_cached(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
        let Some(frame) = k.remove_swap_cache(slot) else {
            return swap_cached(k, fault, slot, pfn);
        };
        let rights = k.vma(fault.page).rights().read_only();
        map_fresh(k, fault.page, frame, rights);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct CallsAreReads;

impl Nearly for CallsAreReads {
    fn swap_cached(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
        let access = if fault.mode == Mode::Kernel {
            Access::Read
        } else {
            fault.access
        };
        swap_cached(k, &as_access(fault, access), slot, pfn)
    }
}

#[derive(Default)]
pub(crate) struct FetchCountsAsWrite;

impl Nearly for FetchCountsAsWrite {
    fn swap_cached(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
        let access = if fault.access == Access::Exec {
            Access::Write
        } else {
            fault.access
        };
        swap_cached(k, &as_access(fault, access), slot, pfn)
    }
}
