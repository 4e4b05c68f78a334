//! Mistakes in `new_shared`.

use naive::nearly::Nearly;
use solution::lab4::new_shared;
use vmsim::prelude::*;

use crate::afterwards::{insist, map_fresh, read_only};

#[derive(Default)]
pub(crate) struct NotShared;

impl Nearly for NotShared {
    fn new_shared(&self, k: &mut Kernel, fault: &PageFault, _page: ObjectPage) -> Repaired {
        solution::lab2::demand_zero(k, fault)
    }
}

#[derive(Default)]
pub(crate) struct NotZeroed;

impl Nearly for NotZeroed {
    fn new_shared(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        let rights = k.vma(fault.page).rights();
        let frame = k.alloc()?;
        k.insert_cache(page, &frame);
        map_fresh(k, fault.page, frame, rights);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct ReadIsReadOnly;

impl Nearly for ReadIsReadOnly {
    fn new_shared(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        new_shared(k, fault, page)?;
        if !fault.is_write() {
            read_only(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct MarkedDirty;

impl Nearly for MarkedDirty {
    fn new_shared(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        new_shared(k, fault, page)?;
        if let Residence::Cached(pfn) = k.mm(fault.page.pid).residence(page) {
            k.mark_dirty(pfn);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct ReadShowsTheZeroPage;

impl Nearly for ReadShowsTheZeroPage {
    fn new_shared(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        if fault.is_write() {
            new_shared(k, fault, page)
        } else {
            solution::lab2::zero_page(k, fault)
        }
    }
}

#[derive(Default)]
pub(crate) struct InsistsOnMemory;

impl Nearly for InsistsOnMemory {
    fn new_shared(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        insist(new_shared(k, fault, page))
    }
}
