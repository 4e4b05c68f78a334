// Lab 1 - Xenia
// Looking VMAs up is slow, so I keep a flat table: one byte for each page of the
// 48-bit address space. O(1)!!

use std::cell::RefCell;
use vmsim::prelude::*;

const PAGES: usize = 1 << 36;

thread_local! {
    static SEEN: RefCell<Vec<u8>> = RefCell::new(vec![0; PAGES]);
}

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    let index = fault.page.vpn.0 as usize % PAGES;
    let first_time = SEEN.with(|seen| {
        let mut seen = seen.borrow_mut();
        let first = seen[index] == 0;
        seen[index] = 1;
        first
    });
    if first_time && mm.vma(fault.addr).is_none() {
        return Err(Signal::maperr(fault.addr));
    }
    todo!("the rest, when the table works")
}
