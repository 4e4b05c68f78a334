//! brk(2): the heap is a VMA whose end the program moves.

use crate::addr::{PAGE_SIZE, Pid, VirtAddr, Vpn};
use crate::event::{Growth, Sharing};
use crate::kernel::Kernel;
use crate::naive::Choice;
use crate::prot::Prot;
use crate::syscalls::{Errno, in_user_space, munmap};
use crate::vma::{Backing, GUARD_GAP_PAGES, Vma};

/// Moves the end of the heap (rule R10; `SYSCALL_DEFINE1(brk, …)` in Linux
/// mm/mmap.c). The C library reports a refusal as `ENOMEM`.
pub(crate) fn brk(k: &mut Kernel, pid: Pid, addr: VirtAddr) -> Result<(), Errno> {
    let old_end = page_end(k.processes[&pid].brk).ok_or(Errno::Enomem)?;
    let new_end = page_end(addr).ok_or(Errno::Enomem)?;
    if addr < k.config.heap || !in_user_space(new_end) {
        return Err(Errno::Enomem);
    }
    if new_end < old_end {
        shrink(k, pid, new_end, old_end)?;
    } else if new_end > old_end {
        extend(k, pid, old_end, new_end)?;
    }
    k.process(pid).brk = addr;
    Ok(())
}

/// What the program unmapped by itself cannot be given back by moving the end.
fn shrink(k: &mut Kernel, pid: Pid, start: Vpn, end: Vpn) -> Result<(), Errno> {
    if k.processes[&pid].vmas.overlapping(start, end).is_empty() {
        return Err(Errno::Enomem);
    }
    if !k.is_naive(Choice::BrkKeepsPages) {
        munmap::clear(k, pid, start, end);
    }
    Ok(())
}

/// The heap keeps a page away from the next mapping, and from the gap below a stack.
fn extend(k: &mut Kernel, pid: Pid, start: Vpn, end: Vpn) -> Result<(), Errno> {
    let next = k.processes[&pid].vmas.at_or_above(start);
    if next.is_some_and(|vma| end.0 + 1 > lowest(vma).0) {
        return Err(Errno::Enomem);
    }
    let heap = Vma {
        start,
        end,
        prot: Prot::READ_WRITE,
        sharing: Sharing::Private,
        backing: Backing::Anonymous,
        growth: Growth::Fixed,
        accounted: true,
        anon_vma: None,
    };
    // The kernel looks for a neighbour from the start of the heap on, so that nothing
    // below it is one (`vma_prev_limit` in brk(2)).
    let first = start == k.config.heap.page();
    let vmas = &mut k.process(pid).vmas;
    match first {
        true => vmas.insert_apart(heap),
        false => vmas.insert(heap),
    }
    Ok(())
}

/// The first page that must stay free for a VMA (`vm_start_gap` in Linux
/// include/linux/mm.h).
fn lowest(vma: &Vma) -> Vpn {
    match vma.growth {
        Growth::Fixed => vma.start,
        Growth::Down => Vpn(vma.start.0.saturating_sub(GUARD_GAP_PAGES)),
    }
}

fn page_end(addr: VirtAddr) -> Option<Vpn> {
    addr.0
        .checked_next_multiple_of(PAGE_SIZE)
        .map(|end| VirtAddr(end).page())
}
