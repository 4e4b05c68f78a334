//! Mistakes in `write_notify`.

use naive::nearly::Nearly;
use solution::lab4::write_notify;
use vmsim::prelude::*;

use crate::afterwards::{read_only, writable};

#[derive(Default)]
pub(crate) struct NotNoted;

impl Nearly for NotNoted {
    fn write_notify(&self, k: &mut Kernel, fault: &PageFault, _pfn: Pfn) {
        let rights = k.vma(fault.page).rights();
        let old = k.protect(fault.page, rights).only_widens(k);
        k.put_old(old);
    }
}

#[derive(Default)]
pub(crate) struct StaysReadOnly;

impl Nearly for StaysReadOnly {
    fn write_notify(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
        write_notify(k, fault, pfn);
        read_only(k, fault.page);
    }
}

#[derive(Default)]
pub(crate) struct ShootsDown;

impl Nearly for ShootsDown {
    fn write_notify(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
        write_notify(k, fault, pfn);
        k.shoot_down(fault.page);
    }
}

#[derive(Default)]
pub(crate) struct Copies;

impl Nearly for Copies {
    fn write_notify(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
        let _out_of_memory = solution::lab5::copy_on_write(k, fault, pfn);
    }
}

#[derive(Default)]
pub(crate) struct SharersMayWrite;

impl Nearly for SharersMayWrite {
    fn write_notify(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
        write_notify(k, fault, pfn);
        for mapper in k.mappers(pfn) {
            if !k.vma(mapper).is_private() {
                writable(k, mapper);
            }
        }
    }
}
