//! The page-fault handler: from the exception to the retry.
//!
//! Linux: `exc_page_fault` and `do_user_addr_fault` in arch/x86/mm/fault.c,
//! `handle_mm_fault` and `handle_pte_fault` in mm/memory.c. The questions and
//! repairs are the [`Handlers`](crate::handlers::Handlers)'; here is only the order.

use std::rc::Rc;

use crate::addr::{Pid, VirtAddr, Vpn};
use crate::event::Growth;
use crate::fault::{
    Access, Delivery, FaultClass, FaultKind, Mode, OutOfMemory, PageFault, Repair, Repaired,
    Signal, SignalCode,
};
use crate::fault_around;
use crate::handlers::Handlers;
use crate::kernel::{FaultIo, Kernel};
use crate::mmu::Refused;
use crate::naive::Choice;
use crate::pte::Pte;
use crate::replacement;
use crate::rules::Rule;
use crate::trail::{Resumed, Verdict};

/// How a fault ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultEnd {
    /// The access is tried again.
    Retry(FaultClass),
    /// The access is given up.
    Signalled(Signal, Delivery),
    /// No memory: the process is killed.
    OutOfMemory,
}

/// Handles a page fault (steps 3 to 7).
pub(crate) fn handle(k: &mut Kernel, fault: &PageFault, refused: Refused) -> FaultEnd {
    let handlers = &*Rc::clone(&k.handlers);
    if k.trail.is_some() {
        begin_trail(k, fault, refused);
    }
    k.io = FaultIo::default();
    k.last_change = None;
    let end = match investigate(k, fault, handlers) {
        Ok(kind) => match act(k, fault, kind, handlers) {
            Ok(()) => {
                replacement::repaired(k, fault);
                FaultEnd::Retry(charge(k, fault, kind))
            }
            Err(_) => FaultEnd::OutOfMemory,
        },
        Err(signal) => FaultEnd::Signalled(
            signal,
            handlers.deliver(&k.mm(fault.page.pid), fault.mode, signal),
        ),
    };
    k.frames.settle_ring();
    if k.trail.is_some() {
        finish_trail(k, fault, end);
    }
    end
}

/// Decides what becomes of a process whose access cannot be repaired. The signal
/// does not tell the address.
pub(crate) fn deliver_general_protection(
    k: &mut Kernel,
    pid: Pid,
    addr: VirtAddr,
    mode: Mode,
) -> FaultEnd {
    let signal = if k.is_naive(Choice::NonCanonicalFaults) {
        Signal::maperr(addr)
    } else {
        Signal::kernel()
    };
    let handlers = Rc::clone(&k.handlers);
    FaultEnd::Signalled(signal, handlers.deliver(&k.mm(pid), mode, signal))
}

/// A system call was given a range that is not the program's: it is refused, and nothing
/// is touched.
pub(crate) fn refuse_range(k: &mut Kernel, pid: Pid, addr: VirtAddr) -> FaultEnd {
    let signal = Signal::maperr(addr);
    let handlers = Rc::clone(&k.handlers);
    FaultEnd::Signalled(signal, handlers.deliver(&k.mm(pid), Mode::Kernel, signal))
}

/// Step 4: is there a VMA, may it grow, what is to be done?
fn investigate(
    k: &mut Kernel,
    fault: &PageFault,
    handlers: &dyn Handlers,
) -> Result<FaultKind, Signal> {
    let pid = fault.page.pid;
    if k.mm(pid).vma(fault.addr).is_none() {
        let start = handlers.grow_stack(&k.mm(pid), fault.addr);
        note_growth(k, fault);
        if let Some(start) = start {
            grow(k, fault, start);
        }
    }
    note_vma(k, fault);
    let verdict = handlers.classify(&k.mm(pid), fault);
    if fault.is_write() && verdict.map_or_else(|signal| signal.code == SignalCode::Adrerr, |_| true)
    {
        note_private_write(k, fault);
    }
    let rule = k
        .trail
        .is_some()
        .then(|| Rule::deciding(&k.mm(pid), fault, verdict));
    if let Some(trail) = k.trail.as_mut().and_then(|trail| trail.current()) {
        trail.rule = rule;
        trail.verdict = Some(match verdict {
            Ok(kind) => Verdict::Repair(kind),
            Err(signal) => Verdict::Signal(signal),
        });
    }
    if fault_around::applies(k, fault, verdict) {
        fault_around::map_neighbours(k, fault.page);
    }
    verdict
}

/// Notes the VMA for those who watch, before a handler is asked that may not return.
fn note_vma(k: &mut Kernel, fault: &PageFault) {
    if k.trail.is_none() {
        return;
    }
    let vma = k.mm(fault.page.pid).vma(fault.addr).copied();
    if let Some(trail) = k.trail.as_mut().and_then(|trail| trail.current()) {
        trail.vma = vma;
    }
}

/// A stack gets its `anon_vma` before the kernel asks whether it may grow so far,
/// and keeps it if it may not (`expand_downwards` in Linux mm/vma.c; measured).
fn note_growth(k: &mut Kernel, fault: &PageFault) {
    let (page, fresh) = (fault.page.vpn, k.anon_vmas);
    let vmas = &mut k.process(fault.page.pid).vmas;
    if vmas.may_end_gap_at(page) && vmas.note_write(page, fresh) {
        k.anon_vmas += 1;
    }
}

/// Moves the start of the stack above the fault down to `start`.
fn grow(k: &mut Kernel, fault: &PageFault, start: Vpn) {
    let vmas = &mut k.process(fault.page.pid).vmas;
    let above = vmas.at_or_above(fault.page.vpn).copied();
    let floor = vmas.below(fault.page.vpn).map_or(Vpn(0), |vma| vma.end);
    match above {
        Some(stack) if stack.growth == Growth::Down && floor <= start && start < stack.start => {
            vmas.grow(stack.start, start);
        }
        _ => k.bug(format!("no stack can grow down to {}", start.start())),
    }
    if let Some(trail) = k.trail.as_mut().and_then(|trail| trail.current()) {
        trail.grown_to = Some(start);
    }
}

/// Step 5: one repair for each kind.
fn act(k: &mut Kernel, fault: &PageFault, kind: FaultKind, handlers: &dyn Handlers) -> Repaired {
    match kind {
        FaultKind::ZeroPage => handlers.zero_page(k, fault)?,
        FaultKind::DemandZero => handlers.demand_zero(k, fault)?,
        FaultKind::NewShared(page) => handlers.new_shared(k, fault, page)?,
        FaultKind::MapResident(pfn) => handlers.map_resident(k, fault, pfn)?,
        FaultKind::CopyOnWrite(pfn) => handlers.copy_on_write(k, fault, pfn)?,
        FaultKind::Reuse(pfn) => handlers.reuse(k, fault, pfn),
        FaultKind::WriteNotify(pfn) => handlers.write_notify(k, fault, pfn),
        FaultKind::Spurious => handlers.spurious(k, fault),
        FaultKind::FileRead(page) => {
            handlers.file_read(k, fault, page)?;
            k.frames.settle_ring();
            fault_around::read_ahead(k, page);
        }
        FaultKind::SwapIn(slot) => handlers.swap_in(k, fault, slot)?,
        FaultKind::SwapCached(slot, pfn) => handlers.swap_cached(k, fault, slot, pfn)?,
    }
    Ok(())
}

/// A private VMA that is written gets its `anon_vma`, even if the page then turns
/// out to lie behind the end of the file (`do_cow_fault` in Linux mm/memory.c;
/// measured).
fn note_private_write(k: &mut Kernel, fault: &PageFault) {
    let fresh = k.anon_vmas;
    let vmas = &mut k.process(fault.page.pid).vmas;
    let unwritten = vmas
        .find(fault.page.vpn)
        .is_some_and(|vma| vma.is_private() && vma.anon_vma.is_none());
    if unwritten && vmas.note_write(fault.page.vpn, fresh) {
        k.anon_vmas += 1;
    }
}

/// Derives the class of a repaired fault, and counts it (`mm_account_fault` in
/// Linux mm/memory.c).
fn charge(k: &mut Kernel, fault: &PageFault, kind: FaultKind) -> FaultClass {
    let io = k.io;
    let major = io.file_read || io.swap_read;
    let repair = match kind.repair() {
        Repair::MapResident if io.copied => Repair::CopyOnWrite,
        Repair::FileRead if io.swap_read => Repair::SwapIn,
        named => named,
    };
    let copy = major && io.copied;
    let process = k.process(fault.page.pid);
    if major {
        process.major_faults += 1;
    } else {
        process.minor_faults += 1;
    }
    FaultClass {
        major,
        repair,
        copy,
    }
}

fn begin_trail(k: &mut Kernel, fault: &PageFault, refused: Refused) {
    let detected = refused.in_full(k, fault);
    let before = entry_of(k, fault);
    if let Some(trail) = &mut k.trail {
        trail.begin(*fault, detected, before);
    }
}

fn entry_of(k: &Kernel, fault: &PageFault) -> Pte {
    match fault.addr.is_user() {
        true => k.pte(fault.page),
        false => Pte::NONE,
    }
}

fn finish_trail(k: &mut Kernel, fault: &PageFault, end: FaultEnd) {
    let after = entry_of(k, fault);
    if let Some(trail) = &mut k.trail {
        let resumed = match end {
            FaultEnd::Retry(class) => Resumed::Retry(class),
            FaultEnd::Signalled(signal, delivery) => Resumed::Signalled(signal, delivery),
            FaultEnd::OutOfMemory => Resumed::Killed(OutOfMemory),
        };
        trail.end(after, resumed);
    }
}

/// Whether the fault is one that reads: a load or an instruction fetch.
pub(crate) fn is_read(fault: &PageFault) -> bool {
    fault.access != Access::Write
}
