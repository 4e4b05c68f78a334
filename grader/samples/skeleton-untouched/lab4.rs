//! Lab 4, files: minor or major depends on the page cache, not on the mapping.
//!
//! All mappings of a file show the frames of one page cache. Who comes first pays
//! for the disk; who comes later finds the page in memory.

use vmsim::prelude::*;

/// Maps a page that the page cache has.
///
/// The first write to a page of a file must be noticed, so a page that is read is
/// mapped read-only. A write to a shared mapping makes the page dirty at once.
/// Shared memory has no file that must be kept true (`k.is_file` tells): it is
/// mapped with all rights of the VMA.
pub fn map_resident(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let _ = (k, fault, pfn);
    todo!("lab 4: map the frame of the page cache")
}

/// Reads a page of a file from the disk and maps it.
///
/// The page goes into the page cache, so that the next one who needs it pays no
/// read. A write to a private mapping gets a copy, in the same fault; everything
/// else is mapped as in [`map_resident`].
pub fn file_read(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let _ = (k, fault, page);
    todo!("lab 4: read the page into the page cache, and map it")
}

/// Lets the program write a page of a shared file mapping that was clean so far.
///
/// The page is dirty from now on. Nothing is taken away, so no CPU can do wrong
/// with what it remembers.
pub fn write_notify(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let _ = (k, fault, pfn);
    todo!("lab 4: the page is dirty from now on")
}

/// Makes a page of shared memory that nobody has touched yet: zeroes, in the page
/// cache, for all who map it.
pub fn new_shared(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let _ = (k, fault, page);
    todo!("lab 4: make the page for all who share it")
}

/// Writes a dirty page of a file to the disk: msync asks for it.
///
/// The next write must be noticed again. So every page that maps the frame
/// ([`Kernel::mappers`]) and may be written loses that right and its dirty bit,
/// on all CPUs, before the page is written.
pub fn clean_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    let _ = (k, page, pfn);
    todo!("lab 4: write the page, and notice the next write again")
}
