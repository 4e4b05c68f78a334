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
    // FAULTLINE-BEGIN map_resident
    let all = k.vma(fault.page).rights();
    let of_file = matches!(k.frame(pfn).usage, Usage::Object(page) if k.is_file(page));
    let rights = if of_file && !fault.is_write() {
        all.read_only()
    } else {
        all
    };
    if of_file && fault.is_write() {
        k.mark_dirty(pfn);
    }
    let frame = k.get(pfn);
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
    // FAULTLINE-HANDOUT
    // let _ = (k, fault, pfn);
    // todo!("lab 4: map the frame of the page cache")
    // FAULTLINE-END map_resident
}

/// Reads a page of a file from the disk and maps it.
///
/// The page goes into the page cache, so that the next one who needs it pays no
/// read. A write to a private mapping gets a copy, in the same fault; everything
/// else is mapped as in [`map_resident`].
pub fn file_read(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    // FAULTLINE-BEGIN file_read
    if fault.is_write() && k.vma(fault.page).is_private() {
        return read_for_private_write(k, fault, page);
    }
    let frame = k.alloc()?;
    k.read_file(page, &frame);
    k.insert_cache(page, &frame);
    let repaired = map_resident(k, fault, frame.pfn());
    k.put(frame);
    repaired
    // FAULTLINE-HANDOUT
    // let _ = (k, fault, page);
    // todo!("lab 4: read the page into the page cache, and map it")
    // FAULTLINE-END file_read
}
// FAULTLINE-SOLUTION-ONLY-BEGIN read-for-private-write

/// Reads the page, and maps a copy of it. The frame for the copy comes first, as in
/// Linux (`do_cow_fault` in mm/memory.c): without it nothing need be read.
fn read_for_private_write(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let copy = k.alloc()?;
    let frame = match k.alloc() {
        Ok(frame) => frame,
        Err(out_of_memory) => {
            k.put(copy);
            return Err(out_of_memory);
        }
    };
    k.read_file(page, &frame);
    k.insert_cache(page, &frame);
    k.copy(&frame, &copy);
    k.put(frame);
    let old = k.map(fault.page, copy, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}
// FAULTLINE-SOLUTION-ONLY-END read-for-private-write

/// Lets the program write a page of a shared file mapping that was clean so far.
///
/// The page is dirty from now on. Nothing is taken away, so no CPU can do wrong
/// with what it remembers.
pub fn write_notify(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    // FAULTLINE-BEGIN write_notify
    let rights = k.vma(fault.page).rights();
    if let Usage::Object(_) = k.frame(pfn).usage {
        k.mark_dirty(pfn);
    }
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
    // FAULTLINE-HANDOUT
    // let _ = (k, fault, pfn);
    // todo!("lab 4: the page is dirty from now on")
    // FAULTLINE-END write_notify
}

/// Makes a page of shared memory that nobody has touched yet: zeroes, in the page
/// cache, for all who map it.
pub fn new_shared(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    // FAULTLINE-BEGIN new_shared
    let rights = k.vma(fault.page).rights();
    let frame = k.alloc()?;
    k.zero(&frame);
    k.insert_cache(page, &frame);
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
    // FAULTLINE-HANDOUT
    // let _ = (k, fault, page);
    // todo!("lab 4: make the page for all who share it")
    // FAULTLINE-END new_shared
}

/// Writes a dirty page of a file to the disk: msync asks for it.
///
/// The next write must be noticed again. So every page that maps the frame
/// ([`Kernel::mappers`]) and may be written loses that right and its dirty bit,
/// on all CPUs, before the page is written.
pub fn clean_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    // FAULTLINE-BEGIN clean_page
    for mapper in k.mappers(pfn) {
        let rights = k.vma(mapper).rights().read_only().clean();
        let old = k.protect(mapper, rights).shoot_down(k);
        k.put_old(old);
    }
    k.write_file(page, pfn);
    // FAULTLINE-HANDOUT
    // let _ = (k, page, pfn);
    // todo!("lab 4: write the page, and notice the next write again")
    // FAULTLINE-END clean_page
}
