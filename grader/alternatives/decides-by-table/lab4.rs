// Lab 4. What a first touch of a page of the cache may do stands in a table: the rights
// and whether the page is dirty now, by what the page belongs to and what was tried.
// msync collects first and changes then.

use vmsim::prelude::*;
use vmsim::refs::FrameRef;

#[derive(Clone, Copy)]
struct FirstTouch {
    may_write: bool,
    dirty: bool,
}

/// Rows: shared memory, file. Columns: read, write.
const FIRST_TOUCH: [[FirstTouch; 2]; 2] = [
    [
        FirstTouch {
            may_write: true,
            dirty: false,
        },
        FirstTouch {
            may_write: true,
            dirty: false,
        },
    ],
    [
        FirstTouch {
            may_write: false,
            dirty: false,
        },
        FirstTouch {
            may_write: true,
            dirty: true,
        },
    ],
];

fn touch(k: &mut Kernel, fault: &PageFault, page: ObjectPage, frame: FrameRef) {
    let first = FIRST_TOUCH[usize::from(k.is_file(page))][usize::from(fault.is_write())];
    let all = k.vma(fault.page).rights();
    let pfn = frame.pfn();
    let rights = if first.may_write {
        all
    } else {
        all.read_only()
    };
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    if first.dirty {
        k.mark_dirty(pfn);
    }
}

pub fn map_resident(k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
    let page = match k.frame(pfn).usage {
        Usage::Object(page) => page,
        usage => panic!("{usage:?} is not in the page cache"),
    };
    let frame = k.get(pfn);
    touch(k, fault, page, frame);
    Ok(())
}

pub fn file_read(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let private_write = fault.is_write() && k.vma(fault.page).is_private();
    // One frame for the cache, and one for the copy if there is to be one: all of them
    // before anything is read.
    let mut frames = Vec::new();
    for _ in 0..=usize::from(private_write) {
        match k.alloc() {
            Ok(frame) => frames.push(frame),
            Err(error) => {
                frames.into_iter().for_each(|frame| k.put(frame));
                return Err(error);
            }
        }
    }
    let mut frames = frames.into_iter();
    let (cache, copy) = (frames.next(), frames.next());
    let Some(cache) = cache else {
        return Err(OutOfMemory);
    };
    k.read_file(page, &cache);
    k.insert_cache(page, &cache);
    let Some(copy) = copy else {
        touch(k, fault, page, cache);
        return Ok(());
    };
    k.copy(&cache, &copy);
    k.put(cache);
    let rights = k.vma(fault.page).rights();
    let old = k.map(fault.page, copy, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn write_notify(k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
    let rights = k.vma(fault.page).rights();
    let change = k.protect(fault.page, rights);
    k.mark_dirty(pfn);
    let old = change.only_widens(k);
    k.put_old(old);
}

pub fn new_shared(k: &mut Kernel, fault: &PageFault, page: ObjectPage) -> Repaired {
    let frame = k.alloc()?;
    k.zero(&frame);
    k.insert_cache(page, &frame);
    touch(k, fault, page, frame);
    Ok(())
}

pub fn clean_page(k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
    let writers: Vec<_> = k
        .mappers(pfn)
        .into_iter()
        .filter(|mapper| {
            let pte = k.mm(mapper.pid).pte(mapper.vpn);
            pte.writable() || pte.dirty()
        })
        .map(|mapper| (mapper, k.vma(mapper).rights().read_only().clean()))
        .collect();
    for (mapper, rights) in writers {
        let old = k.protect(mapper, rights).shoot_down(k);
        k.put_old(old);
    }
    k.write_file(page, pfn);
}
