//! `pageout` to a swap device that is written late: a file, or a disk.
//!
//! `MADV_PAGEOUT` starts to write a page and takes it out of the page table; the page
//! itself stays in the swap cache, and the next access finds it there, which is minor.
//! A trace means a page that is gone. So the page is read back, which leaves it clean
//! with its slot, and paged out again once it is written.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::thread;
use std::time::Duration;

use vmsim::addr::{PAGE_SIZE, VirtAddr, Vpn};
use vmsim::event::Advice;

use crate::error::Error;
use crate::native::call::Call;
use crate::native::process::Process;
use crate::outcome::{Outcome, PageKind};

/// How often a page is paged out again until its write is done: half a second.
const TRIES_MAX: u32 = 500;

/// Pages of one event that are looked at: 16 MiB.
const PAGES_MAX: usize = 4096;

/// Pages out what is in memory, so that it is gone.
pub(crate) fn twice(process: &mut Process, addr: VirtAddr, len: u64) -> Result<Outcome, Error> {
    let end = addr.0.saturating_add(len).div_ceil(PAGE_SIZE);
    let kind = |process: &Process, page| process.tracee.page(page).map(|page| page.kind);
    let in_memory: Vec<Vpn> = (addr.page().0..end)
        .take(PAGES_MAX)
        .map(Vpn)
        .filter(|&page| kind(process, page) == Some(PageKind::Anon))
        .collect();
    let outcome = process.call(&Call::madvise(addr, len, Advice::PageOut))?;
    for page in in_memory {
        if kind(process, page) == Some(PageKind::Swapped) {
            drop_clean(process, page)?;
        }
    }
    Ok(outcome)
}

/// Reads a page back and pages it out, until it is not in the swap cache any more.
/// While it is being written, the kernel passes it over.
fn drop_clean(process: &mut Process, page: Vpn) -> Result<(), Error> {
    let call = Call::madvise(page.start(), PAGE_SIZE, Advice::PageOut);
    for _ in 0..TRIES_MAX {
        process.tracee.load(page.start().0, 1)?;
        let frame = process.tracee.page(page).and_then(|page| page.pfn);
        process.call(&call)?;
        let gone = process.tracee.page(page).map(|page| page.kind) == Some(PageKind::Swapped);
        if gone && !frame.is_some_and(is_swap_cache) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(1));
    }
    Err(Error::Unexpected(format!(
        "the page at {} stays in the swap cache",
        page.start()
    )))
}

/// Whether a frame holds a page of the swap cache, if root asks
/// (`/proc/kpageflags`, Documentation/admin-guide/mm/pagemap.rst).
fn is_swap_cache(pfn: u64) -> bool {
    const SWAPCACHE: u64 = 1 << 13;
    let mut flags = [0; 8];
    let read = File::open("/proc/kpageflags").and_then(|file| file.read_at(&mut flags, pfn * 8));
    read.is_ok_and(|len| len == 8) && u64::from_le_bytes(flags) & SWAPCACHE != 0
}
