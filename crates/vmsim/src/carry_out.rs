//! Carrying out events: one call for each kind.

use crate::access::{self, Accessed};
use crate::addr::{FileId, PAGE_SIZE, Pid, VirtAddr};
use crate::cache::{ObjectId, ObjectKind, ObjectPage};
use crate::event::{Advice, Cache, Mapping, Op, Populate, SigAction, SignalSet};
use crate::fault::{Access, Delivery, FaultClass, Mode};
use crate::kernel::Kernel;
use crate::observe::End;
use crate::populate::{self, Populated};
use crate::syscalls::{Errno, fork, heap, madvise, mmap, mprotect, msync, munmap, page_range};

/// What an event does, before it is written down as an [`Observation`].
#[derive(Default)]
pub(crate) struct Effect {
    pub faults: Vec<FaultClass>,
    pub end: Option<End>,
    pub value: Option<u64>,
}

impl Effect {
    fn of_call(result: Result<(), Errno>) -> Self {
        Effect {
            end: result.err().map(End::Failed),
            ..Effect::default()
        }
    }

    fn of_populate(done: Populated, result: Result<(), Errno>) -> Self {
        let end = match (done.end, result) {
            (Err(Accessed::OutOfMemory), _) => Some(End::Failed(Errno::Enomem)),
            (Err(Accessed::Livelock), _) => Some(End::Livelock),
            (_, result) => result.err().map(End::Failed),
        };
        Effect {
            faults: done.faults,
            end,
            value: None,
        }
    }
}

/// One call for each kind of event.
pub(crate) fn carry_out(k: &mut Kernel, op: &Op, event: u64) -> Effect {
    if op.pid().is_some_and(|pid| !k.processes.contains_key(&pid)) {
        return Effect::of_call(Err(Errno::Esrch));
    }
    match *op {
        Op::File { size, cache, .. } => create_file(k, size, cache),
        Op::Load { file, offset, len } => {
            let object = k.file_object(file);
            load(k, object, offset, len);
            Effect::default()
        }
        Op::Drop { file } => drop_cache(k, k.file_object(file)),
        Op::Mmap {
            pid,
            addr,
            len,
            map,
        } => map_memory(k, pid, addr, len, map),
        Op::Munmap { pid, addr, len } => Effect::of_call(munmap::munmap(k, pid, addr, len)),
        Op::Mprotect {
            pid,
            addr,
            len,
            prot,
        } => Effect::of_call(mprotect::mprotect(k, pid, addr, len, prot)),
        Op::Madvise {
            pid,
            addr,
            len,
            advice,
        } => advise(k, pid, addr, len, advice),
        Op::Msync { pid, addr, len } => Effect::of_call(msync::msync(k, pid, addr, len)),
        Op::Brk { pid, addr } => Effect::of_call(heap::brk(k, pid, addr)),
        Op::Fork { parent, child } => Effect::of_call(fork::fork(k, parent, child)),
        Op::Exit { pid } => {
            fork::exit(k, pid);
            Effect::default()
        }
        Op::Read { pid, addr, size } => read(k, pid, addr, size, Mode::User),
        Op::CopyIn { pid, addr, size } => read(k, pid, addr, size, Mode::Kernel),
        Op::Write {
            pid,
            addr,
            size,
            value,
        } => write(
            k,
            pid,
            addr,
            size,
            value.unwrap_or(default_value(event)),
            Mode::User,
        ),
        Op::CopyOut {
            pid,
            addr,
            size,
            value,
        } => write(
            k,
            pid,
            addr,
            size,
            value.unwrap_or(default_value(event)),
            Mode::Kernel,
        ),
        Op::Exec { pid, addr } => {
            let mut effect = Effect::default();
            let end = access::access(
                k,
                pid,
                addr,
                1,
                Access::Exec,
                Mode::User,
                &mut effect.faults,
            );
            finish(k, pid, end, &mut effect);
            effect
        }
        Op::Sigaction {
            pid,
            signal,
            action,
        } => set_action(k, pid, signal, action),
    }
}

/// What a write without a value writes: never zero, and another one each time.
fn default_value(event: u64) -> u64 {
    event % 255 + 1
}

fn read(k: &mut Kernel, pid: Pid, addr: VirtAddr, size: u16, mode: Mode) -> Effect {
    let mut effect = Effect::default();
    let end = access::access(k, pid, addr, size, Access::Read, mode, &mut effect.faults);
    if end == Accessed::Done {
        effect.value = Some(access::load(k, pid, addr, size, mode));
    }
    finish(k, pid, end, &mut effect);
    effect
}

fn write(k: &mut Kernel, pid: Pid, addr: VirtAddr, size: u16, value: u64, mode: Mode) -> Effect {
    let mut effect = Effect::default();
    let faults = &mut effect.faults;
    let end = match mode {
        // An instruction stores all of its bytes or none.
        Mode::User => access::access(k, pid, addr, size, Access::Write, mode, faults),
        Mode::Kernel => access::copy_out(k, pid, addr, size, value, faults),
    };
    if end == Accessed::Done && mode == Mode::User {
        access::store(k, pid, addr, size, value, mode);
    }
    finish(k, pid, end, &mut effect);
    effect
}

/// Writes down how an access ended, and ends the process if need be.
fn finish(k: &mut Kernel, pid: Pid, end: Accessed, effect: &mut Effect) {
    effect.end = match end {
        Accessed::Done => None,
        Accessed::Signalled(signal, delivery) => Some(End::Signalled(signal, delivery)),
        Accessed::OutOfMemory => Some(End::OutOfMemory),
        Accessed::Livelock => Some(End::Livelock),
    };
    let fatal = matches!(
        end,
        Accessed::Signalled(_, Delivery::Terminate) | Accessed::OutOfMemory | Accessed::Livelock
    );
    if fatal {
        fork::exit(k, pid);
    }
}

fn create_file(k: &mut Kernel, size: u64, cache: Cache) -> Effect {
    let file = FileId(k.files.len() as u32);
    let object = k.objects.add(ObjectKind::File { file, size });
    k.files.push(object);
    if cache == Cache::Warm {
        let cost = k.cost;
        load(k, object, 0, size);
        k.cost = cost;
    }
    Effect::default()
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
fn drop_cache(k: &mut Kernel, object: ObjectId) -> Effect {
    for (page, pfn) in k.objects.cached_pages(object) {
        if k.frame(pfn).mappings == 0 && !k.objects.is_dirty(page) {
            let frame = k.remove_cache(page);
            k.put(frame);
        }
    }
    Effect::default()
}

fn map_memory(k: &mut Kernel, pid: Pid, addr: VirtAddr, len: u64, map: Mapping) -> Effect {
    let result = mmap::mmap(k, pid, addr, len, map);
    if result.is_err() || map.populate == Populate::Lazily {
        return Effect::of_call(result);
    }
    let end = VirtAddr(addr.0 + len.next_multiple_of(PAGE_SIZE)).page();
    let done = populate::map_populate(k, pid, addr.page(), end);
    Effect::of_populate(done, Ok(()))
}

fn advise(k: &mut Kernel, pid: Pid, addr: VirtAddr, len: u64, advice: Advice) -> Effect {
    if !matches!(advice, Advice::PopulateRead | Advice::PopulateWrite) {
        return Effect::of_call(madvise::madvise(k, pid, addr, len, advice));
    }
    match page_range(addr, len) {
        // Nothing is asked for, and so nothing can be refused.
        Ok((start, end)) if start == end => Effect::default(),
        Ok(range) => {
            let (done, result) = populate::advise_populate(k, pid, range, advice);
            Effect::of_populate(done, result)
        }
        Err(errno) => Effect::of_call(Err(errno)),
    }
}

fn set_action(k: &mut Kernel, pid: Pid, signal: SignalSet, action: SigAction) -> Effect {
    let process = k.process(pid);
    process.on_bus = action;
    if signal == SignalSet::Segv {
        process.on_segv = action;
    }
    Effect::default()
}
