//! Fault-around and read-ahead: two switches that make real kernels faster, and
//! counts of faults harder to predict. Both are off unless the trace says so.

use crate::addr::Vpn;
use crate::cache::{ObjectPage, Residence};
use crate::dispatch::is_read;
use crate::fault::{FaultKind, PageFault, Signal, SignalCode};
use crate::kernel::Kernel;
use crate::mm::{Entry, Page};
use crate::pte::{Pte, Rights};
use crate::vma::Vma;

/// Entries of a last-level page table; the window never leaves one.
const TABLE_PAGES: u64 = 512;

/// Whether a fault of this verdict looks around on this machine (rule R8: read faults on files and
/// shared memory, also when the page itself is cold or behind the end).
pub(crate) fn applies(k: &Kernel, fault: &PageFault, verdict: Result<FaultKind, Signal>) -> bool {
    if k.config.fault_around <= 1 || !is_read(fault) {
        return false;
    }
    match verdict {
        Ok(FaultKind::SwapIn(_)) => k.entry(fault.page) == Entry::None,
        Ok(kind) => matches!(
            kind,
            FaultKind::MapResident(_) | FaultKind::FileRead(_) | FaultKind::NewShared(_)
        ),
        Err(signal) => signal.code == SignalCode::Adrerr,
    }
}

/// Maps the pages around a page that the page cache has (rule R8;
/// `do_fault_around` in Linux mm/memory.c, `filemap_map_pages` in mm/filemap.c).
pub(crate) fn map_neighbours(k: &mut Kernel, page: Page) {
    let window = u64::from(k.config.fault_around);
    let Some(vma) = k.processes[&page.pid].vmas.find(page.vpn).copied() else {
        return;
    };
    let table = page.vpn.0 - page.vpn.0 % TABLE_PAGES;
    let from = (page.vpn.0 - page.vpn.0 % window)
        .max(vma.start.0)
        .max(table);
    let to = (from + window).min(table + TABLE_PAGES).min(vma.end.0);
    for vpn in (from..to).map(Vpn).filter(|&vpn| vpn != page.vpn) {
        map_if_resident(k, &vma, Page { pid: page.pid, vpn });
    }
}

fn map_if_resident(k: &mut Kernel, vma: &Vma, page: Page) {
    let Some(object_page) = vma.object_page(page.vpn) else {
        return;
    };
    let Residence::Cached(pfn) = k.objects.residence(object_page) else {
        return;
    };
    if !k.pte(page).is_none() {
        return;
    }
    k.frames.get_mut(pfn).count += 1;
    k.frames.get_mut(pfn).mappers.push(page);
    let rights = resident_rights(k, vma, object_page);
    k.write_entry(page, Pte::page(pfn, rights));
    k.note(|| format!("fault-around: map {} as well", page.vpn.start()));
}

/// Read faults map file pages read-only, so that the first write is noticed;
/// shared memory has no file to be kept true and is mapped as its VMA allows
/// (rule R7).
fn resident_rights(k: &Kernel, vma: &Vma, page: ObjectPage) -> Rights {
    if k.is_file(page) {
        vma.rights().read_only()
    } else {
        vma.rights()
    }
}

/// Reads the pages behind a page that was just read into the page cache
/// (`page_cache_ra_unbounded` in Linux mm/readahead.c).
pub(crate) fn read_ahead(k: &mut Kernel, page: ObjectPage) {
    let pages = u64::from(k.config.readahead);
    for index in page.index + 1..=page.index.saturating_add(pages) {
        k.load_page(ObjectPage { index, ..page });
    }
}
