//! munmap(2): the promise is taken back, and what was given is given up.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::addr::{Pid, VirtAddr, Vpn};
use crate::cache::{ObjectId, ObjectKind};
use crate::kernel::Kernel;
use crate::mm::Page;
use crate::naive::Choice;
use crate::syscalls::{Errno, in_user_space, page_range};
use crate::vma::Vma;

/// Removes all mappings in the range (`do_vmi_munmap` in Linux mm/vma.c). Holes
/// in it are no error.
pub(crate) fn munmap(k: &mut Kernel, pid: Pid, addr: VirtAddr, len: u64) -> Result<(), Errno> {
    let (start, end) = page_range(addr, len)?;
    if start == end || !in_user_space(end) {
        return Err(Errno::Einval);
    }
    if k.is_naive(Choice::MunmapTakesMappings) {
        for vma in k.processes[&pid].vmas.overlapping(start, end) {
            clear(k, pid, vma.start, vma.end);
        }
    }
    clear(k, pid, start, end);
    Ok(())
}

/// Gives up the pages of the range, and then the VMAs.
pub(crate) fn clear(k: &mut Kernel, pid: Pid, start: Vpn, end: Vpn) {
    zap(k, pid, start, end);
    let removed = k.process(pid).vmas.remove(start, end);
    let objects: BTreeSet<ObjectId> = removed.iter().filter_map(Vma::object).collect();
    for object in objects {
        if k.objects.kind(object) == ObjectKind::SharedMemory && !k.is_mapped(object) {
            k.forget_shared_memory(object);
        }
    }
}

/// Gives up the pages of the range that were touched; the VMAs stay
/// (`unmap_page_range` in Linux mm/memory.c).
pub(crate) fn zap(k: &mut Kernel, pid: Pid, start: Vpn, end: Vpn) {
    let handlers = Rc::clone(&k.handlers);
    let root = k.processes[&pid].root;
    for vma in k.processes[&pid].vmas.overlapping(start, end) {
        let (from, to) = (vma.start.max(start), vma.end.min(end));
        for (vpn, _) in k.tables.entries_in(root, from, to) {
            handlers.unmap_page(k, Page { pid, vpn });
        }
    }
}
