//! msync(2) with `MS_SYNC`: the files get what was written to their mappings.

use std::rc::Rc;

use crate::addr::{PAGE_SIZE, Pid, VirtAddr, Vpn};
use crate::cache::Residence;
use crate::kernel::Kernel;
use crate::syscalls::{Errno, mapped_range};
use crate::vma::Vma;

/// Writes the dirty pages of the shared file mappings in the range
/// (`SYSCALL_DEFINE3(msync, …)` in Linux mm/msync.c).
pub(crate) fn msync(k: &mut Kernel, pid: Pid, addr: VirtAddr, len: u64) -> Result<(), Errno> {
    // Linux rounds the length up before it looks at it: what overflows is nothing.
    let len = len.checked_next_multiple_of(PAGE_SIZE).unwrap_or(0);
    let (start, end) = mapped_range(addr, len)?;
    let mut next = start;
    let mut hole = false;
    for vma in k.processes[&pid].vmas.overlapping(start, end) {
        hole |= vma.start > next;
        next = vma.end.min(end);
        if !vma.is_private() {
            clean(k, &vma, vma.start.max(start), next);
        }
    }
    if hole || next < end {
        Err(Errno::Enomem)
    } else {
        Ok(())
    }
}

fn clean(k: &mut Kernel, vma: &Vma, from: Vpn, to: Vpn) {
    let handlers = Rc::clone(&k.handlers);
    for page in (from.0..to.0).filter_map(|vpn| vma.object_page(Vpn(vpn))) {
        match k.objects.residence(page) {
            Residence::Cached(pfn) if k.is_file(page) && k.is_dirty(pfn) => {
                handlers.clean_page(k, page, pfn);
            }
            _ => {}
        }
    }
}
