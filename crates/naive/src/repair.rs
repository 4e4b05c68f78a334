//! Naive repairs: what a page gets, which rights, and at what price.
//!
//! Each type is named like the [`NaiveRule`](crate::rule::NaiveRule) that it is.

use vmsim::prelude::*;

use crate::nearly::Nearly;

pub(crate) struct ZeroPageUnused;

impl Nearly for ZeroPageUnused {
    fn zero_page(&self, k: &mut Kernel, fault: &PageFault) -> Repaired {
        solution::lab2::demand_zero(k, fault)
    }
}

pub(crate) struct PrivateWriteReadsFirst;

impl Nearly for PrivateWriteReadsFirst {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        if !k.vma(fault.page).is_private() {
            return solution::lab4::file_read(k, fault, page);
        }
        let read = PageFault {
            access: Access::Read,
            ..*fault
        };
        solution::lab4::file_read(k, &read, page)
    }
}

pub(crate) struct EachReaderPays;

impl Nearly for EachReaderPays {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        if let Usage::Object(page) = k.frame(pfn).usage
            && k.is_file(page)
        {
            let held = k.get(pfn);
            let paid = k.alloc().map(|frame| {
                k.read_file(page, &frame);
                k.put(frame);
            });
            k.put(held);
            paid?;
        }
        solution::lab4::map_resident(k, fault, pfn)
    }
}

/// Two ways lead to a page of shared memory: it is made, or it is there.
pub(crate) struct SharedReadIsReadOnly;

impl Nearly for SharedReadIsReadOnly {
    fn new_shared(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        solution::lab4::new_shared(k, fault, page)?;
        read_only_after_read(k, fault);
        Ok(())
    }

    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        solution::lab4::map_resident(k, fault, pfn)?;
        read_only_after_read(k, fault);
        Ok(())
    }
}

pub(crate) struct SwapInIsReadOnly;

impl Nearly for SwapInIsReadOnly {
    fn swap_in(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot) -> Repaired {
        solution::lab7::swap_in(k, fault, slot)?;
        read_only_after_read(k, fault);
        Ok(())
    }
}

fn read_only_after_read(k: &mut Kernel, fault: &PageFault) {
    if !fault.is_write() {
        let rights = k.vma(fault.page).rights().read_only();
        let old = k.protect(fault.page, rights).shoot_down(k);
        k.put_old(old);
    }
}

/// Two ways lead to a page of a file: it is read, or it is there.
pub(crate) struct FileReadIsWritable;

impl Nearly for FileReadIsWritable {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        solution::lab4::file_read(k, fault, page)?;
        all_rights_if_shared(k, fault);
        Ok(())
    }

    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        solution::lab4::map_resident(k, fault, pfn)?;
        all_rights_if_shared(k, fault);
        Ok(())
    }
}

fn all_rights_if_shared(k: &mut Kernel, fault: &PageFault) {
    let vma = k.vma(fault.page);
    if !vma.is_private() {
        let old = k.protect(fault.page, vma.rights()).only_widens(k);
        k.put_old(old);
    }
}

pub(crate) struct MsyncKeepsWritable;

impl Nearly for MsyncKeepsWritable {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        k.write_file(page, pfn);
    }
}

/// Whatever empties the last entry loses the page, as it would be for a frame of
/// private memory: `MADV_DONTNEED`, but munmap and exit, too.
pub(crate) struct UnmappedSharedIsLost;

impl Nearly for UnmappedSharedIsLost {
    fn unmap_page(&self, k: &mut Kernel, page: Page) {
        let before = k.entry(page);
        solution::lab2::unmap_page(k, page);
        if let Entry::Object { pfn, .. } = before
            && let Usage::Object(object) = k.frame(pfn).usage
            && !k.is_file(object)
            && k.frame(pfn).mappings == 0
        {
            let frame = k.remove_cache(object);
            k.put(frame);
        }
    }
}

pub(crate) struct MprotectNeverRestores;

impl Nearly for MprotectNeverRestores {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = k.vma(page).rights().read_only();
        let old = k.protect(page, rights).shoot_down(k);
        k.put_old(old);
    }
}

pub(crate) struct ProtNoneDropsPages;

impl Nearly for ProtNoneDropsPages {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        if k.vma(page).prot.is_none() {
            solution::lab2::unmap_page(k, page);
        } else {
            solution::lab6::protect_page(k, page);
        }
    }
}

pub(crate) struct EachSwapInPays;

impl Nearly for EachSwapInPays {
    fn swap_cached(&self, k: &mut Kernel, fault: &PageFault, slot: SwapSlot, pfn: Pfn) -> Repaired {
        let held = k.get(pfn);
        let paid = k.alloc().map(|frame| {
            k.read_swap(slot, &frame);
            k.put(frame);
        });
        k.put(held);
        paid?;
        solution::lab7::swap_cached(k, fault, slot, pfn)
    }
}
