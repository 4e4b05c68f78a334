//! fork(2) and exit(2): address spaces come and go.

use std::rc::Rc;

use crate::addr::{Pfn, Pid, Vpn};
use crate::event::SigAction;
use crate::kernel::Kernel;
use crate::mm::{Page, Process};
use crate::naive::Choice;
use crate::syscalls::{Errno, munmap};
use crate::tlb::Asid;
use crate::vma::{AnonVma, Vma};
use crate::vmas::Vmas;

/// Makes the first process.
pub(crate) fn create(k: &mut Kernel, pid: Pid) {
    let process = empty(k, Vmas::new(k.naive));
    k.processes.insert(pid, process);
}

/// Makes a child with its parent's VMAs, and with those of its page-table entries
/// that a fault could not bring back (rule R15; `dup_mmap` in Linux mm/mmap.c and
/// `copy_page_range` in mm/memory.c).
pub(crate) fn fork(k: &mut Kernel, parent: Pid, child: Pid) -> Result<(), Errno> {
    if k.processes.contains_key(&child) {
        return Err(Errno::Eexist);
    }
    if k.asids == Asid::MAX.0 {
        return Err(Errno::Eagain);
    }
    let vmas = k.processes[&parent].vmas.clone();
    let inherited = inherit_vmas(k, &vmas);
    let mut process = empty(k, inherited);
    let from = &k.processes[&parent];
    (process.brk, process.on_segv, process.on_bus) = (from.brk, from.on_segv, from.on_bus);
    k.processes.insert(child, process);
    let naive = k.naive;
    for vma in vmas.iter().filter(|vma| needs_copy(vma, naive)) {
        copy_pages(k, parent, child, vma);
    }
    Ok(())
}

/// Gives up all that a process has.
pub(crate) fn exit(k: &mut Kernel, pid: Pid) {
    munmap::clear(k, pid, Vpn(0), Vpn(u64::MAX));
    let (root, asid) = (k.processes[&pid].root, k.processes[&pid].asid);
    for (vpn, pte) in k.tables.entries(root) {
        forget(k, Page { pid, vpn }, pte.frame());
    }
    k.tables.destroy(root);
    for tlb in &mut k.tlbs {
        tlb.invalidate_all(asid);
    }
    k.processes.remove(&pid);
    k.touched.pages.retain(|page| page.pid != pid);
}

/// Takes a page that the handlers left in a dead process out of the reverse map.
/// Its reference is never given back: the audit finds it.
fn forget(k: &mut Kernel, page: Page, frame: Option<Pfn>) {
    if let Some(pfn) = frame {
        k.frames.get_mut(pfn).mappers.remove(page);
        k.touch_frame(pfn);
    }
}

fn empty(k: &mut Kernel, vmas: Vmas) -> Process {
    k.asids += 1;
    Process {
        vmas,
        root: k.tables.create(),
        asid: Asid(k.asids),
        brk: k.config.heap,
        minor_faults: 0,
        major_faults: 0,
        cpus: 0,
        on_segv: SigAction::Default,
        on_bus: SigAction::Default,
    }
}

/// The child's VMAs are the parent's; those that were written get a note of the
/// child's own (`anon_vma_fork` in Linux mm/rmap.c).
fn inherit_vmas(k: &mut Kernel, parents: &Vmas) -> Vmas {
    let mut vmas = parents.clone();
    for vma in vmas.iter_mut().filter(|vma| vma.anon_vma.is_some()) {
        vma.anon_vma = Some(AnonVma {
            id: k.anon_vmas,
            forked: true,
        });
        k.anon_vmas += 1;
    }
    vmas
}

/// A VMA that was never written holds nothing that a fault could not bring back
/// (`vma_needs_copy` in Linux mm/memory.c).
fn needs_copy(vma: &Vma, naive: Option<Choice>) -> bool {
    match naive {
        Some(Choice::ForkCopiesPrivate) => vma.is_private(),
        Some(Choice::ForkCopiesShared) if !vma.is_private() => true,
        _ => vma.is_private() && vma.anon_vma.is_some(),
    }
}

fn copy_pages(k: &mut Kernel, parent: Pid, child: Pid, vma: &Vma) {
    let handlers = Rc::clone(&k.handlers);
    let root = k.processes[&parent].root;
    for (vpn, pte) in k.tables.entries_in(root, vma.start, vma.end) {
        let (from, to) = (Page { pid: parent, vpn }, Page { pid: child, vpn });
        match pte.swap_slot() {
            Some(slot) => handlers.fork_swapped(k, from, to, slot),
            None => handlers.fork_page(k, from, to),
        }
    }
}
