//! madvise(2), but for the two kinds of populating, which are accesses and live in
//! [`populate`](crate::populate).

use std::rc::Rc;

use crate::addr::{Pfn, Pid, VirtAddr, Vpn};
use crate::cache::{ObjectPage, Residence};
use crate::event::Advice;
use crate::frames::Usage;
use crate::kernel::Kernel;
use crate::mm::Page;
use crate::naive::Choice;
use crate::syscalls::{Errno, munmap, page_range};

/// Follows the advice for all mapped parts of the range; a hole in it is reported
/// afterwards (rule R11; `madvise_walk_vmas` in Linux mm/madvise.c).
pub(crate) fn madvise(
    k: &mut Kernel,
    pid: Pid,
    addr: VirtAddr,
    len: u64,
    advice: Advice,
) -> Result<(), Errno> {
    let (start, end) = page_range(addr, len)?;
    let mut next = start;
    let mut hole = false;
    for vma in k.processes[&pid].vmas.overlapping(start, end) {
        hole |= vma.start > next;
        let from = vma.start.max(start);
        next = vma.end.min(end);
        match advice {
            Advice::DontNeed => munmap::zap(k, pid, from, next),
            Advice::PageOut => page_out(k, pid, from, next),
            Advice::WillNeed => will_need(k, pid, from, next),
            Advice::PopulateRead | Advice::PopulateWrite => {}
        }
    }
    if hole || next < end {
        Err(Errno::Enomem)
    } else {
        Ok(())
    }
}

/// Reclaims the pages that nobody else maps (`madvise_pageout_range` in Linux
/// mm/madvise.c, which skips folios with a map count other than 1).
fn page_out(k: &mut Kernel, pid: Pid, from: Vpn, to: Vpn) {
    let root = k.processes[&pid].root;
    for (vpn, pte) in k.tables.entries_in(root, from, to) {
        let Some(pfn) = pte.frame() else { continue };
        if k.frame(pfn).mappings == 1 || k.is_naive(Choice::PageOutTakesShared) {
            page_out_frame(k, Page { pid, vpn }, pfn);
        }
    }
}

fn page_out_frame(k: &mut Kernel, page: Page, pfn: Pfn) {
    let handlers = Rc::clone(&k.handlers);
    let dirty = k.is_dirty(pfn);
    match k.frame(pfn).usage {
        Usage::Free | Usage::Zero => {}
        Usage::Anon { .. } => swap_out_if_room(k, pfn),
        Usage::Object(object) if k.is_file(object) && dirty => handlers.unmap_page(k, page),
        Usage::Object(object) if k.is_file(object) => handlers.evict_page(k, object, pfn),
        Usage::Object(_) if dirty && !k.is_evictable(pfn) => handlers.unmap_page(k, page),
        Usage::Object(_) if dirty => swap_out_if_room(k, pfn),
        Usage::Object(object) => drop_clean(k, object, pfn),
    }
}

/// Without room in swap the page stays where it is, and that is no error. Shared
/// memory is unmapped before it gets that far, and stays in the page cache
/// (`shrink_folio_list` in Linux mm/vmscan.c; measured).
fn swap_out_if_room(k: &mut Kernel, pfn: Pfn) {
    let handlers = Rc::clone(&k.handlers);
    if k.is_evictable(pfn) {
        let _stays_without_room = handlers.swap_out(k, pfn);
    }
}

/// A page of shared memory that was only ever read is zeroes: it need not be kept.
fn drop_clean(k: &mut Kernel, object: ObjectPage, pfn: Pfn) {
    let handlers = Rc::clone(&k.handlers);
    for mapper in k.mappers(pfn) {
        handlers.unmap_page(k, mapper);
    }
    if matches!(k.objects.residence(object), Residence::Cached(_)) {
        let frame = k.remove_cache(object);
        k.put(frame);
    }
}

fn will_need(k: &mut Kernel, pid: Pid, from: Vpn, to: Vpn) {
    let Some(vma) = k.processes[&pid].vmas.find(from).copied() else {
        return;
    };
    for vpn in from.0..to.0 {
        match vma.object_page(Vpn(vpn)) {
            Some(page) if k.is_file(page) => k.load_page(page),
            _ => break,
        }
    }
}
