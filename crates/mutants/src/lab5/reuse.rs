//! Mistakes in `reuse`.

use naive::nearly::Nearly;
use solution::lab5::reuse;
use vmsim::prelude::*;

use crate::afterwards::read_only;

#[derive(Default)]
pub(crate) struct NotMarkedExclusive;

impl Nearly for NotMarkedExclusive {
    fn reuse(&self, k: &mut Kernel, fault: &PageFault, _pfn: Pfn) {
        let rights = k.vma(fault.page).rights();
        let old = k.protect(fault.page, rights).only_widens(k);
        k.put_old(old);
    }
}

#[derive(Default)]
pub(crate) struct StaysReadOnly;

impl Nearly for StaysReadOnly {
    fn reuse(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
        reuse(k, fault, pfn);
        read_only(k, fault.page);
    }
}

#[derive(Default)]
pub(crate) struct ShootsDown;

impl Nearly for ShootsDown {
    fn reuse(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
        reuse(k, fault, pfn);
        k.shoot_down(fault.page);
    }
}

#[derive(Default)]
pub(crate) struct Copies;

impl Nearly for Copies {
    fn reuse(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
        let _out_of_memory = solution::lab5::copy_on_write(k, fault, pfn);
    }
}
