// Lab 5. Parent and child are treated alike: a list of the two pages and of what each is
// to show, and one loop that does it. The copy is made in a function that owns both
// frames, so that neither can get lost.

use vmsim::prelude::*;
use vmsim::refs::FrameRef;

pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
    let Some(pfn) = k.mm(parent.pid).pte(parent.vpn).frame() else {
        return;
    };
    let usage = k.frame(pfn).usage;
    let rights = k.vma(parent).rights().read_only();
    if let Usage::Anon { .. } = usage {
        k.mark_shared(pfn);
    }
    let reference = k.get(pfn);
    for (page, frame) in [(parent, None), (child, Some(reference))] {
        let old = match frame {
            None => k.protect(page, rights).shoot_down(k),
            Some(frame) => k.map(page, frame, rights).never_cached(k),
        };
        k.put_old(old);
    }
}

pub fn copy_on_write(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let source = k.get(pfn);
    let copy = copy_of(k, source)?;
    let rights = k.vma(fault.page).rights();
    let old = k.map(fault.page, copy, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}

/// A copy of a page; gives the reference to the source back, whatever happens.
fn copy_of(k: &mut Kernel, source: FrameRef) -> Result<FrameRef, OutOfMemory> {
    let fresh = k.alloc();
    if let Ok(copy) = &fresh {
        k.copy(&source, copy);
    }
    k.put(source);
    fresh
}

pub fn reuse(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let rights = k.vma(fault.page).rights();
    let change = k.protect(fault.page, rights);
    k.mark_exclusive(pfn);
    let old = change.only_widens(k);
    k.put_old(old);
}
