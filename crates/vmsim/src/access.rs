//! One access of a program: translate, fault, try again.
//!
//! An instruction that faults is restarted from its beginning, so an access that
//! crosses a page boundary takes its faults page by page, the low page first
//! (rule R2).

use crate::addr::{PAGE_SIZE, Pfn, Pid, TASK_SIZE, VirtAddr};
use crate::dispatch::{self, FaultEnd};
use crate::event::UserAccess;
use crate::fault::{Access, Delivery, FaultClass, Mode, Signal};
use crate::frames::Frames;
use crate::kernel::Kernel;
use crate::mmu::{self, Refused, Running};
use crate::pte::Pte;
use crate::tlb::Tlb;

/// Faults that one access may take before the handlers count as caught in a
/// loop. A correct kernel needs three for a page: a stale TLB entry, the page,
/// and a refusal.
pub const FAULTS_MAX: usize = 16;

/// What is accessed, by whom and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub pid: Pid,
    pub addr: VirtAddr,
    /// In bytes.
    pub size: u16,
    pub access: Access,
    pub mode: Mode,
}

/// The bytes of an access that got through: where they begin, and the frames that they
/// are in. Most accesses lie in one page, and have one frame twice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reached {
    addr: VirtAddr,
    size: u16,
    frames: [Pfn; 2],
}

impl Reached {
    /// The bytes of an access that lie in one page, in this frame.
    #[inline]
    pub fn in_frame(pfn: Pfn, addr: VirtAddr, size: u16) -> Self {
        Self {
            addr,
            size,
            frames: [pfn; 2],
        }
    }
}

/// How an access ends that does not get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// No repair: a signal, or an error of the system call.
    Signalled(Signal, Delivery),
    /// No memory.
    OutOfMemory,
    /// The same fault again and again: [`FAULTS_MAX`].
    Livelock,
}

/// What is known of an access that the TLB alone did not let through.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Missed {
    /// Nobody has asked the hardware.
    Untried,
    /// The CPU remembers this of the page, which does not suffice.
    ByTlb(Option<Pte>),
}

/// The access, if it lies in one page and the CPU remembers that it is allowed: what most
/// accesses are.
#[inline(always)]
pub(crate) fn at_hand(tlb: &Tlb, running: Running, access: &UserAccess) -> Result<Reached, Missed> {
    let &UserAccess {
        addr, size, kind, ..
    } = access;
    if addr.page_offset() + u64::from(size) > PAGE_SIZE {
        return Err(Missed::Untried);
    }
    match mmu::by_tlb(tlb, running, addr, kind) {
        Ok(pfn) => Ok(Reached::in_frame(pfn, addr, size)),
        Err(remembered) => Err(Missed::ByTlb(remembered)),
    }
}

/// The same for an access that the TLB alone has not let through. If the hardware has
/// refused it, says why.
#[inline(always)]
pub(crate) fn at_once(
    k: &mut Kernel,
    access: &UserAccess,
    missed: Missed,
) -> Result<Reached, Option<Refused>> {
    let Missed::ByTlb(remembered) = missed else {
        return Err(None);
    };
    let running = k.running(access.pid);
    let &UserAccess {
        addr, size, kind, ..
    } = access;
    k.cpu = access.cpu;
    let pfn = mmu::by_tables(k, running, addr, kind, remembered)?;
    Ok(Reached::in_frame(pfn, addr, size))
}

/// Makes the pages of an access accessible, fault by fault; `refused` is the hardware's
/// first refusal, if it has refused it already.
pub(crate) fn access(
    k: &mut Kernel,
    wanted: Wanted,
    mut refused: Option<Refused>,
    faults: &mut Vec<FaultClass>,
) -> Result<Reached, Ended> {
    let (before, evicted) = (faults.len(), k.evictions);
    let running = k.processes.run(wanted.pid, k.cpu);
    let running = running.expect("callers check that the process exists");
    loop {
        let tried = match refused.take() {
            Some(refused) => Err(raise(k, &wanted, wanted.addr, refused)),
            None => try_once(k, running, &wanted),
        };
        match tried {
            Ok(reached) => return Ok(reached),
            Err(FaultEnd::Retry(class)) => faults.push(class),
            Err(FaultEnd::Signalled(signal, delivery)) => {
                return Err(Ended::Signalled(signal, delivery));
            }
            Err(FaultEnd::OutOfMemory) => return Err(Ended::OutOfMemory),
        }
        if faults.len() - before >= FAULTS_MAX {
            // Not the handlers' loop, if the pages of the access push each other
            // out: there is not enough memory for one instruction.
            let thrashes = k.evictions - evicted > FAULTS_MAX as u64 / 2;
            return Err(match thrashes {
                true => Ended::OutOfMemory,
                false => Ended::Livelock,
            });
        }
    }
}

/// Executes the instruction up to its first fault, and handles that.
#[inline]
fn try_once(k: &mut Kernel, running: Running, wanted: &Wanted) -> Result<Reached, FaultEnd> {
    let &Wanted { addr, size, .. } = wanted;
    if addr.page_offset() + u64::from(size) > PAGE_SIZE || wanted.mode == Mode::Kernel {
        return try_range(k, running, wanted);
    }
    let pfn = try_part(k, running, wanted, addr)?;
    Ok(Reached::in_frame(pfn, addr, size))
}

/// The same for an access that may touch two pages, or is the kernel's own.
fn try_range(k: &mut Kernel, running: Running, wanted: &Wanted) -> Result<Reached, FaultEnd> {
    let &Wanted {
        pid,
        addr,
        size,
        mode,
        ..
    } = wanted;
    // The CPU looks at the whole address before it translates any of it.
    if let Some(part) = pages_of(addr, size).find(|part| !part.is_canonical()) {
        return Err(dispatch::deliver_general_protection(k, pid, part, mode));
    }
    if mode == Mode::Kernel && !is_user_range(addr, size) {
        return Err(dispatch::refuse_range(k, pid, addr));
    }
    let mut frames = [Pfn(0); 2];
    for (i, part) in pages_of(addr, size).enumerate() {
        let pfn = try_part(k, running, wanted, part)?;
        frames[i..].fill(pfn);
    }
    Ok(Reached { addr, size, frames })
}

/// The part of an access that lies in one page.
#[inline(always)]
fn try_part(
    k: &mut Kernel,
    running: Running,
    wanted: &Wanted,
    part: VirtAddr,
) -> Result<Pfn, FaultEnd> {
    let translated = mmu::translate(k, running, part, wanted.access);
    translated.map_err(|refused| raise(k, wanted, part, refused))
}

/// The exception, and what becomes of it.
#[inline(never)]
fn raise(k: &mut Kernel, wanted: &Wanted, part: VirtAddr, refused: Refused) -> FaultEnd {
    let &Wanted {
        pid, access, mode, ..
    } = wanted;
    if let Refused::GeneralProtection = refused {
        return dispatch::deliver_general_protection(k, pid, part, mode);
    }
    let fault = mmu::exception(k.cpu, pid, (part, access, mode), refused);
    dispatch::handle(k, &fault, refused)
}

/// The first address that the access touches in each of its pages.
fn pages_of(addr: VirtAddr, size: u16) -> impl Iterator<Item = VirtAddr> {
    let last = addr.0.wrapping_add(u64::from(size.max(1)) - 1);
    let second = last - last % PAGE_SIZE;
    let crosses = addr.page() != VirtAddr(last).page();
    std::iter::once(addr).chain(crosses.then_some(VirtAddr(second)))
}

/// Reads the bytes of an access that got through, little-endian; of more than eight
/// bytes, the first eight.
pub(crate) fn load(k: &Kernel, reached: Reached) -> u64 {
    let first_bytes = Reached {
        size: reached.size.min(8),
        ..reached
    };
    parts_of(first_bytes).fold(0, |value, part| {
        value | k.frames.load(part.pfn, part.offset, part.len) << (8 * part.before)
    })
}

/// Writes the bytes of an access that got through. The bytes beyond the eighth are zero.
#[inline(always)]
pub(crate) fn store(frames: &mut Frames, reached: Reached, value: u64) {
    if reached.addr.page_offset() + u64::from(reached.size) > PAGE_SIZE {
        return store_across(frames, reached, value);
    }
    let offset = reached.addr.page_offset() as u16;
    frames.store(reached.frames[0], offset, reached.size, value);
}

/// The same for bytes in two pages.
#[cold]
fn store_across(frames: &mut Frames, reached: Reached, value: u64) {
    for part in parts_of(reached) {
        let rest = value
            .checked_shr(8 * u32::from(part.before))
            .unwrap_or_default();
        frames.store(part.pfn, part.offset, part.len, rest);
    }
}

/// Whether a system call may touch the range at all: it asks before it touches any of
/// it (`access_ok` in Linux arch/x86/include/asm/uaccess_64.h).
fn is_user_range(addr: VirtAddr, size: u16) -> bool {
    let end = addr.0.checked_add(u64::from(size));
    end.is_some_and(|end| end <= TASK_SIZE)
}

/// Copies bytes to the program's memory, page by page: a fault on the second page finds
/// the first one written, and what was written stays, whatever becomes of the second
/// (rule R18; `copy_to_user` in Linux include/linux/uaccess.h).
pub(crate) fn copy_out(
    k: &mut Kernel,
    wanted: Wanted,
    value: u64,
    faults: &mut Vec<FaultClass>,
) -> Result<(), Ended> {
    let Wanted { addr, size, .. } = wanted;
    if !is_user_range(addr, size) {
        return access(k, wanted, None, faults).map(drop);
    }
    let low = u64::from(size).min(PAGE_SIZE - addr.page_offset()) as u16;
    let second = VirtAddr(addr.0 + u64::from(low));
    for (addr, before, size) in [(addr, 0, low), (second, low, size - low)] {
        if size > 0 || before == 0 {
            let part = Wanted {
                addr,
                size,
                ..wanted
            };
            let rest = value.checked_shr(8 * u32::from(before)).unwrap_or_default();
            let reached = access(k, part, None, faults)?;
            store(&mut k.frames, reached, rest);
        }
    }
    Ok(())
}

/// The bytes of an access that lie in one page.
struct Part {
    pfn: Pfn,
    offset: u16,
    /// How many bytes of the access lie in the page before.
    before: u16,
    len: u16,
}

#[inline]
fn parts_of(reached: Reached) -> impl Iterator<Item = Part> {
    let Reached { addr, size, frames } = reached;
    let offset = addr.page_offset() as u16;
    let first = size.min(PAGE_SIZE as u16 - offset);
    let low = Part {
        pfn: frames[0],
        offset,
        before: 0,
        len: first,
    };
    let high = (first < size).then(|| Part {
        pfn: frames[1],
        offset: 0,
        before: first,
        len: size - first,
    });
    std::iter::once(low).chain(high)
}
