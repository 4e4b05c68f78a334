//! Mistakes in `copy_on_write`.

use naive::nearly::Nearly;
use solution::lab5::copy_on_write;
use vmsim::prelude::*;
use vmsim::refs::{Change, FrameRef};

use crate::afterwards::{insist, leak, map_fresh, read_only, swallow, writable};

/// The reference's steps with two left open: what gets into the copy, and what the
/// TLBs hear of it.
fn copy_with(
    k: &mut Kernel,
    fault: &PageFault,
    pfn: Pfn,
    fill: impl FnOnce(&mut Kernel, &FrameRef, &FrameRef),
    settle: fn(Change, &mut Kernel) -> Old,
) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let shared = k.get(pfn);
    let copy = match k.alloc() {
        Ok(frame) => frame,
        Err(out_of_memory) => {
            k.put(shared);
            return Err(out_of_memory);
        }
    };
    fill(k, &shared, &copy);
    k.put(shared);
    let change = k.map(fault.page, copy, rights);
    let old = settle(change, k);
    k.put_old(old);
    Ok(())
}

fn is_of_a_file(k: &Kernel, pfn: Pfn) -> bool {
    matches!(k.frame(pfn).usage, Usage::Object(_))
}

/// Whether the page table maps this very frame.
fn is_mapped(k: &Kernel, page: Page, pfn: Pfn) -> bool {
    k.mappers(pfn).contains(&page)
}

/// The pages that map the frame, but for one.
fn others(k: &Kernel, page: Page, pfn: Pfn) -> Vec<Page> {
    let mut others = k.mappers(pfn);
    others.retain(|&mapper| mapper != page);
    others
}

#[derive(Default)]
pub(crate) struct SetsTheRightOnly;

impl Nearly for SetsTheRightOnly {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        if is_mapped(k, fault.page, pfn) {
            writable(k, fault.page);
            return Ok(());
        }
        copy_on_write(k, fault, pfn)
    }
}

#[derive(Default)]
pub(crate) struct MapsTheFrameItself;

impl Nearly for MapsTheFrameItself {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        if is_mapped(k, fault.page, pfn) {
            return copy_on_write(k, fault, pfn);
        }
        let rights = k.vma(fault.page).rights();
        let frame = k.get(pfn);
        map_fresh(k, fault.page, frame, rights);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct CopyIsNotFilled;

impl Nearly for CopyIsNotFilled {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        copy_with(k, fault, pfn, |_, _, _| {}, Change::shoot_down)
    }
}

#[derive(Default)]
pub(crate) struct CopyIsZeroed;

impl Nearly for CopyIsZeroed {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        copy_with(k, fault, pfn, |k, _, copy| k.zero(copy), Change::shoot_down)
    }
}

#[derive(Default)]
pub(crate) struct CopiesTheWrongWay;

impl Nearly for CopiesTheWrongWay {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let backwards = |k: &mut Kernel, shared: &FrameRef, copy: &FrameRef| k.copy(copy, shared);
        copy_with(k, fault, pfn, backwards, Change::shoot_down)
    }
}

#[derive(Default)]
pub(crate) struct CopiesWhatIsMapped;

impl Nearly for CopiesWhatIsMapped {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        if is_mapped(k, fault.page, pfn) {
            copy_on_write(k, fault, pfn)
        } else {
            solution::lab2::demand_zero(k, fault)
        }
    }
}

#[derive(Default)]
pub(crate) struct RedirectsTheOthers;

impl Nearly for RedirectsTheOthers {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        if !is_mapped(k, fault.page, pfn) {
            return copy_on_write(k, fault, pfn);
        }
        let copy = k.alloc()?;
        let original = k.get(pfn);
        k.copy(&original, &copy);
        for other in others(k, fault.page, pfn) {
            let rights = k.vma(other).rights().read_only();
            let frame = k.get(copy.pfn());
            let old = k.map(other, frame, rights).shoot_down(k);
            k.put_old(old);
        }
        k.put(copy);
        k.put(original);
        writable(k, fault.page);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct CopyIsReadOnly;

impl Nearly for CopyIsReadOnly {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        copy_on_write(k, fault, pfn)?;
        read_only(k, fault.page);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct OthersLoseThePage;

impl Nearly for OthersLoseThePage {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let shared = k.get(pfn);
        let copied = copy_on_write(k, fault, pfn);
        for other in k.mappers(pfn) {
            let old = k.unmap(other).shoot_down(k);
            k.put_old(old);
        }
        k.put(shared);
        copied
    }
}

#[derive(Default)]
pub(crate) struct OthersMayWrite;

impl Nearly for OthersMayWrite {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let others = others(k, fault.page, pfn);
        copy_on_write(k, fault, pfn)?;
        for other in others {
            if is_mapped(k, other, pfn) {
                writable(k, other);
            }
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct TheLastOneMayWrite;

impl Nearly for TheLastOneMayWrite {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        copy_on_write(k, fault, pfn)?;
        if let [last] = k.mappers(pfn)[..]
            && let Entry::Anon { .. } = k.entry(last)
        {
            k.mark_exclusive(pfn);
            writable(k, last);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct TheLastOneIsExclusive;

impl Nearly for TheLastOneIsExclusive {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        copy_on_write(k, fault, pfn)?;
        if let [last] = k.mappers(pfn)[..]
            && let Entry::Anon { .. } = k.entry(last)
        {
            k.mark_exclusive(pfn);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct CopyIsMarkedShared;

impl Nearly for CopyIsMarkedShared {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let copy = |k: &mut Kernel, shared: &FrameRef, copy: &FrameRef| {
            k.copy(shared, copy);
            k.mark_shared(copy.pfn());
        };
        copy_with(k, fault, pfn, copy, Change::shoot_down)
    }
}

#[derive(Default)]
pub(crate) struct SourceIsNotHeld;

impl Nearly for SourceIsNotHeld {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let rights = k.vma(fault.page).rights();
        let copy = k.alloc()?;
        let shared = k.get(pfn);
        k.copy(&shared, &copy);
        k.put(shared);
        let old = k.map(fault.page, copy, rights).shoot_down(k);
        k.put_old(old);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct NoFlush;

impl Nearly for NoFlush {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        copy_with(
            k,
            fault,
            pfn,
            |k, from, to| k.copy(from, to),
            Change::only_widens,
        )
    }
}

#[derive(Default)]
pub(crate) struct FlushesLocally;

impl Nearly for FlushesLocally {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        copy_with(
            k,
            fault,
            pfn,
            |k, from, to| k.copy(from, to),
            Change::flush_local,
        )
    }
}

#[derive(Default)]
pub(crate) struct NoFlushForFilePages;

impl Nearly for NoFlushForFilePages {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        if !is_of_a_file(k, pfn) {
            return copy_on_write(k, fault, pfn);
        }
        copy_with(
            k,
            fault,
            pfn,
            |k, from, to| k.copy(from, to),
            Change::never_cached,
        )
    }
}

#[derive(Default)]
pub(crate) struct SourceIsLeaked;

impl Nearly for SourceIsLeaked {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        leak(k, pfn);
        copy_on_write(k, fault, pfn)
    }
}

#[derive(Default)]
pub(crate) struct SourceIsLeakedWithoutMemory;

impl Nearly for SourceIsLeakedWithoutMemory {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let rights = k.vma(fault.page).rights();
        let shared = k.get(pfn);
        let copy = k.alloc()?;
        k.copy(&shared, &copy);
        k.put(shared);
        let old = k.map(fault.page, copy, rights).shoot_down(k);
        k.put_old(old);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct SlotIsLeaked;

impl Nearly for SlotIsLeaked {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        if let Entry::Swapped(slot) = k.entry(fault.page) {
            let _forgotten = k.get_slot(slot);
        }
        copy_on_write(k, fault, pfn)
    }
}

#[derive(Default)]
pub(crate) struct UnmapsBeforeItHasTheCopy;

impl Nearly for UnmapsBeforeItHasTheCopy {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let rights = k.vma(fault.page).rights();
        let shared = k.get(pfn);
        let old = k.unmap(fault.page).shoot_down(k);
        k.put_old(old);
        let copy = k.alloc();
        if let Ok(copy) = &copy {
            k.copy(&shared, copy);
        }
        k.put(shared);
        map_fresh(k, fault.page, copy?, rights);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct InsistsOnMemory;

impl Nearly for InsistsOnMemory {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        insist(copy_on_write(k, fault, pfn))
    }
}

#[derive(Default)]
pub(crate) struct TriesForEver;

impl Nearly for TriesForEver {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        swallow(copy_on_write(k, fault, pfn))
    }
}

#[derive(Default)]
pub(crate) struct SharesWithoutMemory;

impl Nearly for SharesWithoutMemory {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let copied = copy_on_write(k, fault, pfn);
        if copied.is_err() && is_mapped(k, fault.page, pfn) {
            writable(k, fault.page);
            return Ok(());
        }
        copied
    }
}

#[derive(Default)]
pub(crate) struct CopyMarksTheFileDirty;

impl Nearly for CopyMarksTheFileDirty {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        if is_of_a_file(k, pfn) {
            k.mark_dirty(pfn);
        }
        copy_on_write(k, fault, pfn)
    }
}

#[derive(Default)]
pub(crate) struct ForgetsTheCache;

impl Nearly for ForgetsTheCache {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        if is_of_a_file(k, pfn) && k.mappers(pfn) == [fault.page] {
            writable(k, fault.page);
            return Ok(());
        }
        copy_on_write(k, fault, pfn)
    }
}

#[derive(Default)]
pub(crate) struct ForgetsTheSwapCache;

impl Nearly for ForgetsTheSwapCache {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        if !is_of_a_file(k, pfn) && k.mappers(pfn) == [fault.page] {
            solution::lab5::reuse(k, fault, pfn);
            return Ok(());
        }
        copy_on_write(k, fault, pfn)
    }
}

#[derive(Default)]
pub(crate) struct EmptiesTheSwapCache;

impl Nearly for EmptiesTheSwapCache {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let usage = k.frame(pfn).usage;
        let held = k.get(pfn);
        let copied = copy_on_write(k, fault, pfn);
        if let Usage::Anon {
            swap_cache: Some(slot),
            ..
        } = usage
            && k.mappers(pfn).is_empty()
            && let Some(frame) = k.remove_swap_cache(slot)
        {
            k.put(frame);
        }
        k.put(held);
        copied
    }
}

#[derive(Default)]
pub(crate) struct CallsWriteInPlace;

impl Nearly for CallsWriteInPlace {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        if fault.mode == Mode::Kernel && is_mapped(k, fault.page, pfn) {
            writable(k, fault.page);
            return Ok(());
        }
        copy_on_write(k, fault, pfn)
    }
}

#[derive(Default)]
pub(crate) struct CallsNeedNoCopy;

impl Nearly for CallsNeedNoCopy {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        match fault.mode {
            Mode::Kernel => solution::lab2::demand_zero(k, fault),
            Mode::User => copy_on_write(k, fault, pfn),
        }
    }
}

#[derive(Default)]
pub(crate) struct ParentWritesInPlace;

impl Nearly for ParentWritesInPlace {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let mappers = k.mappers(pfn);
        let is_oldest = mappers.iter().all(|mapper| fault.page.pid <= mapper.pid);
        if is_oldest && mappers.contains(&fault.page) && !is_of_a_file(k, pfn) {
            writable(k, fault.page);
            return Ok(());
        }
        copy_on_write(k, fault, pfn)
    }
}

#[derive(Default)]
pub(crate) struct CopyIsReadFromTheDisk;

impl Nearly for CopyIsReadFromTheDisk {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let Usage::Object(page) = k.frame(pfn).usage else {
            return copy_on_write(k, fault, pfn);
        };
        let read = |k: &mut Kernel, _: &FrameRef, copy: &FrameRef| k.read_file(page, copy);
        copy_with(k, fault, pfn, read, Change::shoot_down)
    }
}
