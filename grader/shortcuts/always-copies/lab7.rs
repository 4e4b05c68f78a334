// Lab 7. Every page gets a frame of its own: a copy of what there is, or zeroes.

use vmsim::prelude::*;

pub fn swap_out(_: &mut Kernel, _: Pfn) -> Repaired {
    Ok(())
}

pub fn swap_in(k: &mut Kernel, fault: &PageFault, _: SwapSlot) -> Repaired {
    fresh(k, fault.page)
}

pub fn swap_cached(k: &mut Kernel, fault: &PageFault, _: SwapSlot, pfn: Pfn) -> Repaired {
    copy(k, fault.page, pfn)
}

pub fn fork_swapped(_: &mut Kernel, _: Page, _: Page, _: SwapSlot) {}

fn copy(k: &mut Kernel, page: Page, pfn: Pfn) -> Repaired {
    let rights = k.vma(page).rights();
    let from = k.get(pfn);
    let copy = k.alloc();
    if let Ok(copy) = &copy {
        k.copy(&from, copy);
    }
    k.put(from);
    let old = k.map(page, copy?, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}

fn fresh(k: &mut Kernel, page: Page) -> Repaired {
    let rights = k.vma(page).rights();
    let frame = k.alloc()?;
    k.zero(&frame);
    let old = k.map(page, frame, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}
