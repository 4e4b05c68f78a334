//! Carrying out events: one call for each kind.

use crate::access::{self, Ended, Reached, Wanted};
use crate::addr::{FileId, PAGE_SIZE, Pid, VirtAddr};
use crate::cache::{ObjectId, ObjectKind, ObjectPage};
use crate::event::{Advice, Cache, Mapping, Op, Populate, SigAction, SignalSet, UserAccess};
use crate::fault::{Access, Delivery, FaultClass, Mode};
use crate::frames::Frames;
use crate::kernel::Kernel;
use crate::mmu::Refused;
use crate::observe::{End, Outcome};
use crate::populate;
use crate::syscalls::{Errno, fork, heap, madvise, mmap, mprotect, msync, munmap, page_range};

/// The end of a call that only succeeds or fails.
fn ended(result: Result<(), Errno>) -> End {
    result.err().map_or(End::Done, End::Failed)
}

/// The end of a call that took faults on the way.
fn populated(end: Result<(), Ended>, result: Result<(), Errno>) -> End {
    match end {
        Err(Ended::OutOfMemory) => End::Failed(Errno::Enomem),
        Err(Ended::Livelock) => End::Livelock,
        _ => ended(result),
    }
}

/// Moves the bytes of an access of the program that got through; tells what was read.
#[inline(always)]
pub(crate) fn complete(
    frames: &mut Frames,
    access: &UserAccess,
    event: u64,
    reached: Reached,
) -> Option<Reached> {
    match access.kind {
        Access::Read => Some(reached),
        Access::Write => {
            access::store(
                frames,
                reached,
                access.value.unwrap_or(default_value(event)),
            );
            None
        }
        Access::Exec => None,
    }
}

/// Carries out an access of the program, with whatever faults it takes. `outcome` is as
/// before any event; `refused` is why the hardware has refused it already, if it has.
pub(crate) fn user_access(
    k: &mut Kernel,
    access: &UserAccess,
    event: u64,
    refused: Option<Refused>,
    outcome: &mut Outcome,
) {
    let &UserAccess {
        pid,
        addr,
        size,
        kind,
        ..
    } = access;
    if !k.processes.contains_key(&pid) {
        outcome.end = End::Failed(Errno::Esrch);
        return;
    }
    let wanted = Wanted {
        pid,
        addr,
        size,
        access: kind,
        mode: Mode::User,
    };
    let end = access::access(k, wanted, refused, &mut outcome.faults);
    // An instruction stores all of its bytes or none.
    let end = end.map(|reached| outcome.read = complete(&mut k.frames, access, event, reached));
    finish(k, pid, end, outcome);
}

/// One call for each kind of event that is not the program's own access. `outcome` is as
/// before any event.
pub(crate) fn carry_out(k: &mut Kernel, op: &Op, event: u64, outcome: &mut Outcome) {
    if op.pid().is_some_and(|pid| !k.processes.contains_key(&pid)) {
        outcome.end = End::Failed(Errno::Esrch);
        return;
    }
    let wanted = |pid, addr, size, access| Wanted {
        pid,
        addr,
        size,
        access,
        mode: Mode::Kernel,
    };
    match *op {
        Op::CopyIn { pid, addr, size } => {
            let wanted = wanted(pid, addr, size, Access::Read);
            let end = access::access(k, wanted, None, &mut outcome.faults);
            outcome.read = end.ok();
            finish(k, pid, end.map(drop), outcome);
        }
        Op::CopyOut {
            pid,
            addr,
            size,
            value,
        } => {
            let wanted = wanted(pid, addr, size, Access::Write);
            let value = value.unwrap_or(default_value(event));
            let end = access::copy_out(k, wanted, value, &mut outcome.faults);
            finish(k, pid, end, outcome);
        }
        _ => outcome.end = call(k, op, &mut outcome.faults),
    }
}

/// Everything that is no access.
fn call(k: &mut Kernel, op: &Op, faults: &mut Vec<FaultClass>) -> End {
    match *op {
        Op::File { size, cache, .. } => create_file(k, size, cache),
        Op::Load { file, offset, len } => load(k, k.file_object(file), offset, len),
        Op::Drop { file } => drop_cache(k, k.file_object(file)),
        Op::Mmap {
            pid,
            addr,
            len,
            map,
        } => return map_memory(k, pid, (addr, len), map, faults),
        Op::Munmap { pid, addr, len } => return ended(munmap::munmap(k, pid, addr, len)),
        Op::Mprotect {
            pid,
            addr,
            len,
            prot,
        } => return ended(mprotect::mprotect(k, pid, addr, len, prot)),
        Op::Madvise {
            pid,
            addr,
            len,
            advice,
        } => return advise(k, pid, (addr, len), advice, faults),
        Op::Msync { pid, addr, len } => return ended(msync::msync(k, pid, addr, len)),
        Op::Brk { pid, addr } => return ended(heap::brk(k, pid, addr)),
        Op::Fork { parent, child } => return ended(fork::fork(k, parent, child)),
        Op::Exit { pid } => fork::exit(k, pid),
        Op::Sigaction {
            pid,
            signal,
            action,
        } => set_action(k, pid, signal, action),
        Op::Read { .. }
        | Op::Write { .. }
        | Op::Exec { .. }
        | Op::CopyIn { .. }
        | Op::CopyOut { .. } => unreachable!("accesses are no calls"),
    }
    End::Done
}

/// What a write without a value writes: never zero, and another one each time.
fn default_value(event: u64) -> u64 {
    event % 255 + 1
}

/// Writes down how an access ended, and ends the process if need be.
fn finish(k: &mut Kernel, pid: Pid, end: Result<(), Ended>, outcome: &mut Outcome) {
    if let Err(end) = end {
        outcome.end = match end {
            Ended::Signalled(signal, delivery) => End::Signalled(signal, delivery),
            Ended::OutOfMemory => End::OutOfMemory,
            Ended::Livelock => End::Livelock,
        };
        if !matches!(end, Ended::Signalled(_, delivery) if delivery != Delivery::Terminate) {
            fork::exit(k, pid);
        }
    }
}

fn create_file(k: &mut Kernel, size: u64, cache: Cache) {
    let file = FileId(k.files.len() as u32);
    let object = k.objects.add(ObjectKind::File { file, size });
    k.files.push(object);
    if cache == Cache::Warm {
        let cost = k.cost;
        load(k, object, 0, size);
        k.cost = cost;
    }
}

fn load(k: &mut Kernel, object: ObjectId, offset: u64, len: u64) {
    let end = offset.saturating_add(len).div_ceil(PAGE_SIZE);
    let pages = k.objects.size_pages(object);
    for index in offset / PAGE_SIZE..end.min(pages) {
        k.load_page(ObjectPage { object, index });
    }
}

/// Clean pages that nobody maps leave the page cache (`invalidate_mapping_pages`
/// in Linux mm/truncate.c).
fn drop_cache(k: &mut Kernel, object: ObjectId) {
    for (page, pfn) in k.objects.cached_pages(object) {
        if k.frame(pfn).mappings == 0 && !k.objects.is_dirty(page) {
            let frame = k.remove_cache(page);
            k.put(frame);
        }
    }
}

fn map_memory(
    k: &mut Kernel,
    pid: Pid,
    (addr, len): (VirtAddr, u64),
    map: Mapping,
    faults: &mut Vec<FaultClass>,
) -> End {
    let result = mmap::mmap(k, pid, addr, len, map);
    if result.is_err() || map.populate == Populate::Lazily {
        return ended(result);
    }
    let end = VirtAddr(addr.0 + len.next_multiple_of(PAGE_SIZE)).page();
    let end = populate::map_populate(k, pid, (addr.page(), end), faults);
    populated(end, Ok(()))
}

fn advise(
    k: &mut Kernel,
    pid: Pid,
    (addr, len): (VirtAddr, u64),
    advice: Advice,
    faults: &mut Vec<FaultClass>,
) -> End {
    if !matches!(advice, Advice::PopulateRead | Advice::PopulateWrite) {
        return ended(madvise::madvise(k, pid, addr, len, advice));
    }
    match page_range(addr, len) {
        // Nothing is asked for, and so nothing can be refused.
        Ok((start, end)) if start == end => End::Done,
        Ok(range) => {
            let (end, result) = populate::advise_populate(k, pid, range, advice, faults);
            populated(end, result)
        }
        Err(errno) => End::Failed(errno),
    }
}

fn set_action(k: &mut Kernel, pid: Pid, signal: SignalSet, action: SigAction) {
    let process = k.process(pid);
    process.on_bus = action;
    if signal == SignalSet::Segv {
        process.on_segv = action;
    }
}
