//! mprotect(2): another promise for the same pages.

use std::rc::Rc;

use crate::addr::{Pid, VirtAddr, Vpn};
use crate::kernel::Kernel;
use crate::mm::Page;
use crate::naive::Choice;
use crate::prot::Prot;
use crate::syscalls::{Errno, mapped_range};
use crate::vmas::Vmas;

/// Changes the protection of the range, VMA by VMA, up to the first hole
/// (rule R14; `do_mprotect_pkey` in Linux mm/mprotect.c).
pub(crate) fn mprotect(
    k: &mut Kernel,
    pid: Pid,
    addr: VirtAddr,
    len: u64,
    prot: Prot,
) -> Result<(), Errno> {
    let (start, end) = mapped_range(addr, len)?;
    if k.is_naive(Choice::MprotectAllOrNothing) && has_hole(&k.processes[&pid].vmas, start, end) {
        return Err(Errno::Enomem);
    }
    let mut next = start;
    for vma in k.processes[&pid].vmas.overlapping(start, end) {
        if vma.start > next {
            return Err(Errno::Enomem);
        }
        next = vma.end.min(end);
        if vma.prot != prot {
            let from = vma.start.max(start);
            k.process(pid).vmas.protect(from, next, prot);
            protect_pages(k, pid, from, next);
        }
    }
    if next < end {
        Err(Errno::Enomem)
    } else {
        Ok(())
    }
}

fn has_hole(vmas: &Vmas, start: Vpn, end: Vpn) -> bool {
    let mut next = start;
    for vma in vmas.overlapping(start, end) {
        if vma.start > next {
            return true;
        }
        next = vma.end;
    }
    next < end
}

/// Pages that were never touched, or are in swap, have no rights to change.
fn protect_pages(k: &mut Kernel, pid: Pid, from: Vpn, to: Vpn) {
    let handlers = Rc::clone(&k.handlers);
    let root = k.processes[&pid].root;
    for (vpn, pte) in k.tables.entries_in(root, from, to) {
        if pte.frame().is_some() {
            let page = Page { pid, vpn };
            // The audit looks at it, even if the handler does nothing.
            k.touch_page(page);
            handlers.protect_page(k, page);
        }
    }
}
