//! One access of a program: translate, fault, try again.
//!
//! An instruction that faults is restarted from its beginning, so an access that
//! crosses a page boundary takes its faults page by page, the low page first
//! (rule R2).

use crate::addr::{PAGE_SIZE, Pfn, Pid, TASK_SIZE, VirtAddr};
use crate::dispatch::{self, FaultEnd};
use crate::fault::{Access, Delivery, FaultClass, Mode, Signal};
use crate::kernel::Kernel;
use crate::mmu::{self, Translation};

/// Faults that one access may take before the handlers count as caught in a
/// loop. A correct kernel needs three for a page: a stale TLB entry, the page,
/// and a refusal.
pub const FAULTS_MAX: usize = 16;

/// How an access ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accessed {
    /// The bytes can be read or written.
    Done,
    /// No repair: a signal, or an error of the system call.
    Signalled(Signal, Delivery),
    /// No memory.
    OutOfMemory,
    /// The same fault again and again: [`FAULTS_MAX`].
    Livelock,
}

/// Makes the pages of an access accessible, fault by fault.
pub(crate) fn access(
    k: &mut Kernel,
    pid: Pid,
    addr: VirtAddr,
    size: u16,
    access: Access,
    mode: Mode,
    faults: &mut Vec<FaultClass>,
) -> Accessed {
    let (before, evicted) = (faults.len(), k.evictions);
    loop {
        match try_once(k, pid, addr, size, access, mode) {
            None => return Accessed::Done,
            Some(FaultEnd::Retry(class)) => faults.push(class),
            Some(FaultEnd::Signalled(signal, delivery)) => {
                return Accessed::Signalled(signal, delivery);
            }
            Some(FaultEnd::OutOfMemory) => return Accessed::OutOfMemory,
        }
        if faults.len() - before >= FAULTS_MAX {
            // Not the handlers' loop, if the pages of the access push each other
            // out: there is not enough memory for one instruction.
            let thrashes = k.evictions - evicted > FAULTS_MAX as u64 / 2;
            return match thrashes {
                true => Accessed::OutOfMemory,
                false => Accessed::Livelock,
            };
        }
    }
}

/// Executes the instruction up to its first fault; none if it completes.
fn try_once(
    k: &mut Kernel,
    pid: Pid,
    addr: VirtAddr,
    size: u16,
    access: Access,
    mode: Mode,
) -> Option<FaultEnd> {
    let ran_on = 1 << k.cpu.0;
    k.process(pid).cpus |= ran_on;
    // The CPU looks at the whole address before it translates any of it.
    if let Some(part) = pages_of(addr, size).find(|part| !part.is_canonical()) {
        return Some(dispatch::deliver_general_protection(k, pid, part, mode));
    }
    if mode == Mode::Kernel && !is_user_range(addr, size) {
        return Some(dispatch::refuse_range(k, pid, addr));
    }
    for part in pages_of(addr, size) {
        match mmu::translate(k, pid, part, access, mode) {
            Translation::Frame(_) => {}
            Translation::PageFault(fault, detected) => {
                return Some(dispatch::handle(k, &fault, detected));
            }
            Translation::GeneralProtection => {
                return Some(dispatch::deliver_general_protection(k, pid, part, mode));
            }
        }
    }
    None
}

/// The first address that the access touches in each of its pages.
fn pages_of(addr: VirtAddr, size: u16) -> impl Iterator<Item = VirtAddr> {
    let last = addr.0.wrapping_add(u64::from(size.max(1)) - 1);
    let second = last - last % PAGE_SIZE;
    let crosses = addr.page() != VirtAddr(last).page();
    std::iter::once(addr).chain(crosses.then_some(VirtAddr(second)))
}

/// Reads the bytes of an access that was made accessible, little-endian; of more
/// than eight bytes, the first eight.
pub(crate) fn load(k: &mut Kernel, pid: Pid, addr: VirtAddr, size: u16, mode: Mode) -> u64 {
    let mut value = 0;
    for part in parts_of(addr, size.min(8)) {
        let pfn = frame_at(k, pid, part.at, Access::Read, mode);
        let content = &k.frames.get(pfn).content;
        for (i, offset) in part.bytes() {
            value |= u64::from(content.byte(offset)) << (8 * i);
        }
    }
    value
}

/// Writes the bytes of an access that was made accessible. The bytes beyond the
/// eighth are zero.
pub(crate) fn store(k: &mut Kernel, pid: Pid, addr: VirtAddr, size: u16, value: u64, mode: Mode) {
    for part in parts_of(addr, size) {
        let pfn = frame_at(k, pid, part.at, Access::Write, mode);
        let content = &mut k.frames.get_mut(pfn).content;
        for (i, offset) in part.bytes() {
            let byte = if i < 8 { (value >> (8 * i)) as u8 } else { 0 };
            content.set_byte(offset, byte);
        }
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
    pid: Pid,
    addr: VirtAddr,
    size: u16,
    value: u64,
    faults: &mut Vec<FaultClass>,
) -> Accessed {
    if !is_user_range(addr, size) {
        return access(k, pid, addr, size, Access::Write, Mode::Kernel, faults);
    }
    for part in parts_of(addr, size) {
        let end = access(
            k,
            pid,
            part.at,
            part.len,
            Access::Write,
            Mode::Kernel,
            faults,
        );
        if end != Accessed::Done {
            return end;
        }
        let value = match part.before {
            0 => value,
            before if before < 8 => value >> (8 * before),
            _ => 0,
        };
        store(k, pid, part.at, part.len, value, Mode::Kernel);
    }
    Accessed::Done
}

/// The bytes of an access that lie in one page.
struct Part {
    at: VirtAddr,
    /// How many bytes of the access lie in the page before.
    before: u16,
    len: u16,
}

impl Part {
    /// The place of each byte in the access, and in the page.
    fn bytes(&self) -> impl Iterator<Item = (u16, u16)> {
        let start = self.at.page_offset() as u16;
        let before = self.before;
        (0..self.len).map(move |i| (before + i, start + i))
    }
}

fn parts_of(addr: VirtAddr, size: u16) -> impl Iterator<Item = Part> {
    let first = u64::from(size).min(PAGE_SIZE - addr.page_offset()) as u16;
    let low = Part {
        at: addr,
        before: 0,
        len: first,
    };
    let high = (first < size).then(|| Part {
        at: VirtAddr(addr.0 + u64::from(first)),
        before: first,
        len: size - first,
    });
    std::iter::once(low).chain(high)
}

fn frame_at(k: &mut Kernel, pid: Pid, addr: VirtAddr, access: Access, mode: Mode) -> Pfn {
    match mmu::translate(k, pid, addr, access, mode) {
        Translation::Frame(pfn) => pfn,
        _ => unreachable!("every page of the access was translated before"),
    }
}
