// Lab 2. One function that takes a closure: what it does to the entry. Everything else
// (rights, flush, giving back) is the same for all three. A page that was never touched
// is shown the zero page before it gets its frame: one more change, and no more memory.

use vmsim::prelude::*;
use vmsim::pte::Rights;
use vmsim::refs::{Change, Old};

fn change_with(
    k: &mut Kernel,
    page: Page,
    how: impl FnOnce(&mut Kernel, Rights) -> Change,
    before_it_goes: impl FnOnce(&mut Kernel, &Old),
) {
    let rights = k.vma(page).rights();
    let old = how(k, rights).shoot_down(k);
    before_it_goes(k, &old);
    k.put_old(old);
}

fn nothing_to_save(_: &mut Kernel, _: &Old) {}

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let show_zeroes = |k: &mut Kernel, rights: Rights| {
        let zero = k.zero_page();
        k.map(fault.page, zero, rights.read_only())
    };
    change_with(k, fault.page, show_zeroes, nothing_to_save);
    Ok(())
}

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    k.alloc().and_then(|frame| {
        zero_page(k, fault)?;
        k.zero(&frame);
        let give = |k: &mut Kernel, rights| k.map(fault.page, frame, rights);
        change_with(k, fault.page, give, nothing_to_save);
        Ok(())
    })
}

pub fn unmap_page(k: &mut Kernel, page: Page) {
    let save = |k: &mut Kernel, old: &Old| {
        Some(old)
            .and_then(|old| match old {
                Old::Frame { frame, dirty: true } => Some(frame.pfn()),
                _ => None,
            })
            .filter(|&pfn| matches!(k.frame(pfn).usage, Usage::Object(_)))
            .into_iter()
            .for_each(|pfn| k.mark_dirty(pfn));
    };
    change_with(k, page, |k, _| k.unmap(page), save);
}
