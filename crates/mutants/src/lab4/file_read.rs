//! Mistakes in `file_read`.

use naive::nearly::Nearly;
use solution::lab4::{file_read, map_resident};
use vmsim::prelude::*;
use vmsim::refs::FrameRef;

use crate::afterwards::{as_access, insist, leak, map_fresh, read_only, swallow, writable};

fn is_private_write(k: &Kernel, fault: &PageFault) -> bool {
    fault.is_write() && k.vma(fault.page).is_private()
}

/// Reads the page that the program should see from another place of the file.
fn read_another(k: &mut Kernel, fault: &PageFault, page: ObjectPage, from: u64) -> Repaired {
    let frame = k.alloc()?;
    let wrong = ObjectPage {
        index: from,
        ..page
    };
    k.read_file(wrong, &frame);
    k.insert_cache(page, &frame);
    k.put(frame);
    let Residence::Cached(pfn) = k.mm(fault.page.pid).residence(page) else {
        return Err(OutOfMemory);
    };
    if is_private_write(k, fault) {
        return solution::lab5::copy_on_write(k, fault, pfn);
    }
    map_resident(k, fault, pfn)
}

#[derive(Default)]
pub(crate) struct EveryPageIsTheFirst;

impl Nearly for EveryPageIsTheFirst {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        read_another(k, fault, page, 0)
    }
}

#[derive(Default)]
pub(crate) struct OffsetIsIgnored;

impl Nearly for OffsetIsIgnored {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        let into_the_mapping = fault.page.vpn.0 - k.vma(fault.page).start.0;
        read_another(k, fault, page, into_the_mapping)
    }
}

/// Reads the page into a frame that the cache never hears of.
fn read_past_the_cache(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let frame = k.alloc()?;
    k.read_file(page, &frame);
    map_fresh(k, fault.page, frame, rights);
    Ok(())
}

#[derive(Default)]
pub(crate) struct NotCached;

impl Nearly for NotCached {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        read_past_the_cache(k, fault, page)
    }
}

#[derive(Default)]
pub(crate) struct PrivateWriteIsNotCached;

impl Nearly for PrivateWriteIsNotCached {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        if is_private_write(k, fault) {
            read_past_the_cache(k, fault, page)
        } else {
            file_read(k, fault, page)
        }
    }
}

#[derive(Default)]
pub(crate) struct PrivateWriteIsNotCopied;

impl Nearly for PrivateWriteIsNotCopied {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        file_read(k, &as_access(fault, Access::Read), page)?;
        if fault.is_write() {
            writable(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct PrivateWriteTakesTwoFaults;

impl Nearly for PrivateWriteTakesTwoFaults {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        if is_private_write(k, fault) {
            file_read(k, &as_access(fault, Access::Read), page)
        } else {
            file_read(k, fault, page)
        }
    }
}

#[derive(Default)]
pub(crate) struct SharedWriteIsCopied;

impl Nearly for SharedWriteIsCopied {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        if fault.is_write() {
            private_write(k, fault, page, |k, page, frame, copy| {
                k.read_file(page, frame);
                k.insert_cache(page, frame);
                k.copy(frame, copy);
            })
        } else {
            file_read(k, fault, page)
        }
    }
}

#[derive(Default)]
pub(crate) struct PrivateReadIsCopied;

impl Nearly for PrivateReadIsCopied {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        if k.vma(fault.page).is_private() {
            file_read(k, &as_access(fault, Access::Write), page)
        } else {
            file_read(k, fault, page)
        }
    }
}

#[derive(Default)]
pub(crate) struct FetchCountsAsWrite;

impl Nearly for FetchCountsAsWrite {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        match fault.access {
            Access::Exec => file_read(k, &as_access(fault, Access::Write), page),
            Access::Read | Access::Write => file_read(k, fault, page),
        }
    }
}

/// Maps a private copy, made in two frames as `fill` says.
fn private_write(
    k: &mut Kernel,
    fault: &PageFault,
    page: ObjectPage,
    fill: impl FnOnce(&mut Kernel, ObjectPage, &FrameRef, &FrameRef),
) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let copy = k.alloc()?;
    let frame = match k.alloc() {
        Ok(frame) => frame,
        Err(out_of_memory) => {
            k.put(copy);
            return Err(out_of_memory);
        }
    };
    fill(k, page, &frame, &copy);
    k.put(frame);
    map_fresh(k, fault.page, copy, rights);
    Ok(())
}

#[derive(Default)]
pub(crate) struct CopyIsNotFilled;

impl Nearly for CopyIsNotFilled {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        if !is_private_write(k, fault) {
            return file_read(k, fault, page);
        }
        private_write(k, fault, page, |k, page, frame, _| {
            k.read_file(page, frame);
            k.insert_cache(page, frame);
        })
    }
}

#[derive(Default)]
pub(crate) struct CopiesTheWrongWay;

impl Nearly for CopiesTheWrongWay {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        if !is_private_write(k, fault) {
            return file_read(k, fault, page);
        }
        private_write(k, fault, page, |k, page, frame, copy| {
            k.read_file(page, frame);
            k.insert_cache(page, frame);
            k.copy(copy, frame);
        })
    }
}

#[derive(Default)]
pub(crate) struct CopyIsReadFromTheDisk;

impl Nearly for CopyIsReadFromTheDisk {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        if !is_private_write(k, fault) {
            return file_read(k, fault, page);
        }
        private_write(k, fault, page, |k, page, frame, copy| {
            k.read_file(page, frame);
            k.insert_cache(page, frame);
            k.read_file(page, copy);
        })
    }
}

#[derive(Default)]
pub(crate) struct CopyMarksTheFileDirty;

impl Nearly for CopyMarksTheFileDirty {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        if !is_private_write(k, fault) {
            return file_read(k, fault, page);
        }
        private_write(k, fault, page, |k, page, frame, copy| {
            k.read_file(page, frame);
            k.insert_cache(page, frame);
            k.mark_dirty(frame.pfn());
            k.copy(frame, copy);
        })
    }
}

#[derive(Default)]
pub(crate) struct CopyIsReadOnly;

impl Nearly for CopyIsReadOnly {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        file_read(k, fault, page)?;
        if is_private_write(k, fault) {
            read_only(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct PageIsNotHeld;

impl Nearly for PageIsNotHeld {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        if !is_private_write(k, fault) {
            return file_read(k, fault, page);
        }
        let rights = k.vma(fault.page).rights();
        let frame = k.alloc()?;
        k.read_file(page, &frame);
        k.insert_cache(page, &frame);
        let pfn = frame.pfn();
        k.put(frame);
        let copy = k.alloc()?;
        let frame = k.get(pfn);
        k.copy(&frame, &copy);
        k.put(frame);
        map_fresh(k, fault.page, copy, rights);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct InsistsOnMemory;

impl Nearly for InsistsOnMemory {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        insist(file_read(k, fault, page))
    }
}

#[derive(Default)]
pub(crate) struct TriesForEver;

impl Nearly for TriesForEver {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        swallow(file_read(k, fault, page))
    }
}

#[derive(Default)]
pub(crate) struct SharedReadIsWritable;

impl Nearly for SharedReadIsWritable {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        file_read(k, fault, page)?;
        if !k.vma(fault.page).is_private() {
            writable(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct PrivateReadIsWritable;

impl Nearly for PrivateReadIsWritable {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        file_read(k, fault, page)?;
        if k.vma(fault.page).is_private() {
            writable(k, fault.page);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct SharedWriteIsReadOnly;

impl Nearly for SharedWriteIsReadOnly {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        if is_private_write(k, fault) {
            file_read(k, fault, page)
        } else {
            file_read(k, &as_access(fault, Access::Read), page)
        }
    }
}

#[derive(Default)]
pub(crate) struct ReadingMarksDirty;

impl Nearly for ReadingMarksDirty {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        file_read(k, fault, page)?;
        if let Entry::Object { pfn, .. } = k.entry(fault.page) {
            k.mark_dirty(pfn);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct DiskIsNotRead;

impl Nearly for DiskIsNotRead {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        let frame = k.alloc()?;
        k.zero(&frame);
        k.insert_cache(page, &frame);
        let repaired = if is_private_write(k, fault) {
            solution::lab5::copy_on_write(k, fault, frame.pfn())
        } else {
            map_resident(k, fault, frame.pfn())
        };
        k.put(frame);
        repaired
    }
}

#[derive(Default)]
pub(crate) struct PageIsLeaked;

impl Nearly for PageIsLeaked {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        file_read(k, fault, page)?;
        if let Residence::Cached(pfn) = k.mm(fault.page.pid).residence(page) {
            leak(k, pfn);
        }
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct CallsAreWrites;

impl Nearly for CallsAreWrites {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        let access = if fault.mode == Mode::Kernel {
            Access::Write
        } else {
            fault.access
        };
        file_read(k, &as_access(fault, access), page)
    }
}

#[derive(Default)]
pub(crate) struct CallsAreReads;

impl Nearly for CallsAreReads {
    fn file_read(&self, k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
        let access = if fault.mode == Mode::Kernel {
            Access::Read
        } else {
            fault.access
        };
        file_read(k, &as_access(fault, access), page)
    }
}
