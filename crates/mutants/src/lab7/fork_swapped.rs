//! Mistakes in `fork_swapped`.

use naive::nearly::Nearly;
use solution::lab7::fork_swapped;
use vmsim::prelude::*;

use crate::afterwards::map_fresh;

#[derive(Default)]
pub(crate) struct NothingIsHandedOn;

impl Nearly for NothingIsHandedOn {
    fn fork_swapped(&self, _k: &mut Kernel, _parent: Page, _child: Page, _slot: SwapSlot) {}
}

#[derive(Default)]
pub(crate) struct ParentLosesTheSlot;

impl Nearly for ParentLosesTheSlot {
    fn fork_swapped(&self, k: &mut Kernel, parent: Page, child: Page, slot: SwapSlot) {
        fork_swapped(k, parent, child, slot);
        let old = k.unmap(parent).never_cached(k);
        k.put_old(old);
    }
}

#[derive(Default)]
pub(crate) struct ChildGetsAnEmptySlot;

impl Nearly for ChildGetsAnEmptySlot {
    fn fork_swapped(&self, k: &mut Kernel, parent: Page, child: Page, slot: SwapSlot) {
        match k.alloc_slot() {
            Ok(fresh) => {
                let old = k.map_slot(child, fresh).never_cached(k);
                k.put_old(old);
            }
            Err(OutOfMemory) => fork_swapped(k, parent, child, slot),
        }
    }
}

#[derive(Default)]
pub(crate) struct ReadsForTheChild;

impl Nearly for ReadsForTheChild {
    fn fork_swapped(&self, k: &mut Kernel, parent: Page, child: Page, slot: SwapSlot) {
        match k.alloc() {
            Ok(frame) => {
                k.read_swap(slot, &frame);
                let rights = k.vma(child).rights();
                map_fresh(k, child, frame, rights);
            }
            Err(OutOfMemory) => fork_swapped(k, parent, child, slot),
        }
    }
}

#[derive(Default)]
pub(crate) struct MapsTheSwapCache;

impl Nearly for MapsTheSwapCache {
    fn fork_swapped(&self, k: &mut Kernel, parent: Page, child: Page, slot: SwapSlot) {
        match k.mm(parent.pid).swap_cached(slot) {
            Some(pfn) => {
                let rights = k.vma(child).rights().read_only();
                let frame = k.get(pfn);
                map_fresh(k, child, frame, rights);
            }
            None => fork_swapped(k, parent, child, slot),
        }
    }
}

#[derive(Default)]
pub(crate) struct InaccessibleIsLeftOut;

impl Nearly for InaccessibleIsLeftOut {
    fn fork_swapped(&self, k: &mut Kernel, parent: Page, child: Page, slot: SwapSlot) {
        if !k.vma(parent).prot.is_none() {
            fork_swapped(k, parent, child, slot);
        }
    }
}

#[derive(Default)]
pub(crate) struct CopiesOfFilesAreLeftOut;

impl Nearly for CopiesOfFilesAreLeftOut {
    fn fork_swapped(&self, k: &mut Kernel, parent: Page, child: Page, slot: SwapSlot) {
        if k.vma(parent).object().is_none() {
            fork_swapped(k, parent, child, slot);
        }
    }
}

#[derive(Default)]
pub(crate) struct EmptiesTheSwapCache;

impl Nearly for EmptiesTheSwapCache {
    fn fork_swapped(&self, k: &mut Kernel, parent: Page, child: Page, slot: SwapSlot) {
        fork_swapped(k, parent, child, slot);
        if let Some(frame) = k.remove_swap_cache(slot) {
            k.put(frame);
        }
    }
}
