//! Mistakes in `map_resident`.

use naive::nearly::Nearly;
use solution::lab4::map_resident;
use vmsim::prelude::*;

use crate::afterwards::{as_access, map_fresh, read_only, writable};

/// The page of a file that is in the frame, if it is one.
fn file_page(k: &Kernel, pfn: Pfn) -> Option<ObjectPage> {
    match k.frame(pfn).usage {
        Usage::Object(page) if k.is_file(page) => Some(page),
        _ => None,
    }
}

#[derive(Default)]
pub(crate) struct SharedReadIsWritable;

impl Nearly for SharedReadIsWritable {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        map_resident(k, fault, pfn)?;
        if !k.vma(fault.page).is_private() {
            writable(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct PrivateReadIsWritable;

impl Nearly for PrivateReadIsWritable {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        map_resident(k, fault, pfn)?;
        if k.vma(fault.page).is_private() {
            writable(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct ReadingMarksDirty;

impl Nearly for ReadingMarksDirty {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        if file_page(k, pfn).is_some() {
            k.mark_dirty(pfn);
        }
        map_resident(k, fault, pfn)
    }
}

#[derive(Default)]
pub(crate) struct WritableMappingMarksDirty;

impl Nearly for WritableMappingMarksDirty {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let vma = k.vma(fault.page);
        if file_page(k, pfn).is_some() && vma.prot.write() && !vma.is_private() {
            k.mark_dirty(pfn);
        }
        map_resident(k, fault, pfn)
    }
}

#[derive(Default)]
pub(crate) struct WriteIsNotNoted;

impl Nearly for WriteIsNotNoted {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        map_resident(k, &as_access(fault, Access::Read), pfn)?;
        if fault.is_write() {
            writable(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct WriteIsReadOnly;

impl Nearly for WriteIsReadOnly {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        map_resident(k, &as_access(fault, Access::Read), pfn)
    }
}

#[derive(Default)]
pub(crate) struct SharedMemoryIsReadOnly;

impl Nearly for SharedMemoryIsReadOnly {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        map_resident(k, fault, pfn)?;
        if !fault.is_write() {
            read_only(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct SharedMemoryIsDirty;

impl Nearly for SharedMemoryIsDirty {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        if file_page(k, pfn).is_none() {
            k.mark_dirty(pfn);
        }
        map_resident(k, fault, pfn)
    }
}

#[derive(Default)]
pub(crate) struct FetchCountsAsWrite;

impl Nearly for FetchCountsAsWrite {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        match fault.access {
            Access::Exec => map_resident(k, &as_access(fault, Access::Write), pfn),
            Access::Read | Access::Write => map_resident(k, fault, pfn),
        }
    }
}

#[derive(Default)]
pub(crate) struct LeavesTheCache;

impl Nearly for LeavesTheCache {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        map_resident(k, fault, pfn)?;
        if let Usage::Object(page) = k.frame(pfn).usage {
            let of_the_cache = k.remove_cache(page);
            k.put(of_the_cache);
        }
        Ok(())
    }
}

/// Maps a copy of what the page cache has, as if each mapping had a page of its own.
fn map_copy(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let cached = k.get(pfn);
    let copy = k.alloc();
    if let Ok(copy) = &copy {
        k.copy(&cached, copy);
    }
    k.put(cached);
    map_fresh(k, fault.page, copy?, rights);
    Ok(())
}

#[derive(Default)]
pub(crate) struct EachMappingHasACopy;

impl Nearly for EachMappingHasACopy {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        map_copy(k, fault, pfn)
    }
}

#[derive(Default)]
pub(crate) struct SharedMemoryIsCopied;

impl Nearly for SharedMemoryIsCopied {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        match file_page(k, pfn) {
            Some(_) => map_resident(k, fault, pfn),
            None => map_copy(k, fault, pfn),
        }
    }
}

#[derive(Default)]
pub(crate) struct ReadsAgain;

impl Nearly for ReadsAgain {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        if let Some(page) = file_page(k, pfn) {
            let frame = k.get(pfn);
            k.read_file(page, &frame);
            k.put(frame);
        }
        map_resident(k, fault, pfn)
    }
}

#[derive(Default)]
pub(crate) struct CallsAreWrites;

impl Nearly for CallsAreWrites {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let access = if fault.mode == Mode::Kernel {
            Access::Write
        } else {
            fault.access
        };
        map_resident(k, &as_access(fault, access), pfn)
    }
}

#[derive(Default)]
pub(crate) struct CallsAreReads;

impl Nearly for CallsAreReads {
    fn map_resident(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let access = if fault.mode == Mode::Kernel {
            Access::Read
        } else {
            fault.access
        };
        map_resident(k, &as_access(fault, access), pfn)
    }
}
