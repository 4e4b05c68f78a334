//! Mistakes in `fork_page`.

use naive::nearly::Nearly;
use solution::lab5::fork_page;
use vmsim::prelude::*;
use vmsim::refs::Change;

use crate::afterwards::{map_fresh, writable};

/// Shares a frame of private memory as the reference does, but for what `settle`
/// makes of the TLBs; other entries are the reference's business.
fn fork_settling(
    k: &mut Kernel,
    parent: Page,
    child: Page,
    settle: fn(Change, &mut Kernel) -> Old,
) {
    let Entry::Anon { pfn, .. } = k.entry(parent) else {
        return fork_page(k, parent, child);
    };
    let rights = k.vma(parent).rights().read_only();
    k.mark_shared(pfn);
    let change = k.protect(parent, rights);
    let old = settle(change, k);
    k.put_old(old);
    let frame = k.get(pfn);
    map_fresh(k, child, frame, rights);
}

/// Maps what the parent has in the child, and leaves parent and frame alone.
fn hand_on(k: &mut Kernel, pfn: Pfn, child: Page) {
    let rights = k.vma(child).rights().read_only();
    let frame = k.get(pfn);
    map_fresh(k, child, frame, rights);
}

#[derive(Default)]
pub(crate) struct ParentStaysWritable;

impl Nearly for ParentStaysWritable {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        match k.entry(parent) {
            Entry::Anon { pfn, .. } => {
                k.mark_shared(pfn);
                hand_on(k, pfn, child);
            }
            _ => fork_page(k, parent, child),
        }
    }
}

#[derive(Default)]
pub(crate) struct ChildIsWritable;

impl Nearly for ChildIsWritable {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        fork_page(k, parent, child);
        if let Entry::Anon { .. } = k.entry(parent) {
            writable(k, child);
        }
    }
}

#[derive(Default)]
pub(crate) struct BothStayWritable;

impl Nearly for BothStayWritable {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        fork_page(k, parent, child);
        if let Entry::Anon { .. } = k.entry(parent) {
            writable(k, child);
            writable(k, parent);
        }
    }
}

#[derive(Default)]
pub(crate) struct StaysExclusive;

impl Nearly for StaysExclusive {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        fork_page(k, parent, child);
        if let Entry::Anon { pfn, .. } = k.entry(parent) {
            k.mark_exclusive(pfn);
        }
    }
}

#[derive(Default)]
pub(crate) struct NoFlush;

impl Nearly for NoFlush {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        fork_settling(k, parent, child, Change::only_widens);
    }
}

#[derive(Default)]
pub(crate) struct FlushesLocally;

impl Nearly for FlushesLocally {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        fork_settling(k, parent, child, Change::flush_local);
    }
}

#[derive(Default)]
pub(crate) struct FlushesTheChild;

impl Nearly for FlushesTheChild {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        fork_settling(k, parent, child, Change::never_cached);
        k.shoot_down(child);
    }
}

#[derive(Default)]
pub(crate) struct ZeroPageIsNotHandedOn;

impl Nearly for ZeroPageIsNotHandedOn {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        if k.entry(parent) != Entry::Zero {
            fork_page(k, parent, child);
        }
    }
}

#[derive(Default)]
pub(crate) struct FilePageIsNotHandedOn;

impl Nearly for FilePageIsNotHandedOn {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        if !matches!(k.entry(parent), Entry::Object { .. }) {
            fork_page(k, parent, child);
        }
    }
}

#[derive(Default)]
pub(crate) struct ZeroPageIsWritable;

impl Nearly for ZeroPageIsWritable {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        fork_page(k, parent, child);
        if k.entry(parent) == Entry::Zero {
            writable(k, child);
        }
    }
}

#[derive(Default)]
pub(crate) struct FilePageIsWritable;

impl Nearly for FilePageIsWritable {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        fork_page(k, parent, child);
        if let Entry::Object { .. } = k.entry(parent) {
            writable(k, child);
        }
    }
}

#[derive(Default)]
pub(crate) struct FilePageIsMarkedShared;

impl Nearly for FilePageIsMarkedShared {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        if let Entry::Object { pfn, .. } = k.entry(parent) {
            k.mark_shared(pfn);
        }
        fork_page(k, parent, child);
    }
}

#[derive(Default)]
pub(crate) struct CopiesAtOnce;

impl Nearly for CopiesAtOnce {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        match k.entry(parent) {
            Entry::Anon { pfn, .. } => copy_at_once(k, pfn, parent, child),
            _ => fork_page(k, parent, child),
        }
    }
}

fn copy_at_once(k: &mut Kernel, pfn: Pfn, parent: Page, child: Page) {
    let rights = k.vma(child).rights();
    let original = k.get(pfn);
    let copy = k.alloc();
    match copy {
        Ok(copy) => {
            k.copy(&original, &copy);
            map_fresh(k, child, copy, rights);
        }
        Err(OutOfMemory) => fork_page(k, parent, child),
    }
    k.put(original);
}

#[derive(Default)]
pub(crate) struct UnwritableIsNotHandedOn;

impl Nearly for UnwritableIsNotHandedOn {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        if k.vma(parent).prot.write() {
            fork_page(k, parent, child);
        }
    }
}

#[derive(Default)]
pub(crate) struct InaccessibleIsNotHandedOn;

impl Nearly for InaccessibleIsNotHandedOn {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        if !k.vma(parent).prot.is_none() {
            fork_page(k, parent, child);
        }
    }
}

#[derive(Default)]
pub(crate) struct UnwritableStaysExclusive;

impl Nearly for UnwritableStaysExclusive {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        match k.entry(parent) {
            Entry::Anon {
                pfn,
                writable: false,
            } => hand_on(k, pfn, child),
            _ => fork_page(k, parent, child),
        }
    }
}

#[derive(Default)]
pub(crate) struct InaccessibleStaysExclusive;

impl Nearly for InaccessibleStaysExclusive {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        match k.entry(parent) {
            Entry::Anon { pfn, .. } if k.vma(parent).prot.is_none() => hand_on(k, pfn, child),
            _ => fork_page(k, parent, child),
        }
    }
}

#[derive(Default)]
pub(crate) struct SharedIsNotHandedOn;

impl Nearly for SharedIsNotHandedOn {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        match k.entry(parent) {
            Entry::Anon { pfn, .. } if k.frame(pfn).mappings > 1 => {}
            _ => fork_page(k, parent, child),
        }
    }
}

#[derive(Default)]
pub(crate) struct SecondForkRestoresWriting;

impl Nearly for SecondForkRestoresWriting {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        let shared =
            matches!(k.entry(parent), Entry::Anon { pfn, .. } if k.frame(pfn).mappings > 1);
        fork_page(k, parent, child);
        if shared {
            writable(k, parent);
            writable(k, child);
        }
    }
}

#[derive(Default)]
pub(crate) struct SecondForkMarksExclusive;

impl Nearly for SecondForkMarksExclusive {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        fork_page(k, parent, child);
        if let Entry::Anon { pfn, .. } = k.entry(parent)
            && k.frame(pfn).mappings > 2
        {
            k.mark_exclusive(pfn);
        }
    }
}

#[derive(Default)]
pub(crate) struct CleansTheParent;

impl Nearly for CleansTheParent {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        fork_page(k, parent, child);
        if let Entry::Anon { .. } = k.entry(parent) {
            let rights = k.vma(parent).rights().read_only().clean();
            let old = k.protect(parent, rights).shoot_down(k);
            k.put_old(old);
        }
    }
}

#[derive(Default)]
pub(crate) struct EmptiesTheSwapCache;

impl Nearly for EmptiesTheSwapCache {
    fn fork_page(&self, k: &mut Kernel, parent: Page, child: Page) {
        fork_page(k, parent, child);
        if let Entry::Anon { pfn, .. } = k.entry(parent)
            && let Usage::Anon {
                swap_cache: Some(slot),
                ..
            } = k.frame(pfn).usage
            && let Some(frame) = k.remove_swap_cache(slot)
        {
            k.put(frame);
        }
    }
}
