//! The machine: events in, observations out.

use std::rc::Rc;

use crate::access::{self, Accessed};
use crate::addr::{FileId, Pfn, Pid, VirtAddr};
use crate::audit;
use crate::cache::{ObjectKind, ObjectPage};
use crate::cost::Cost;
use crate::event::{Cache, Config, Event, Mapping, Op, Populate, SigAction, SignalSet};
use crate::fault::{Access, Delivery, FaultClass, Mode};
use crate::frames::ZERO_PAGE;
use crate::handlers::Handlers;
use crate::kernel::{Kernel, Touched};
use crate::mm::{Mm, Page, Process};
use crate::observe::{End, FrameName, Observation, PageState, Violation};
use crate::populate::{self, Populated};
use crate::syscalls::{Errno, fork, heap, madvise, mmap, mprotect, msync, munmap};
use crate::trail::Trail;

/// A machine with its kernel, its processes and its memory.
pub struct Machine {
    kernel: Kernel,
    events: u64,
    /// Frames that have a name in the log.
    named: u32,
}

/// What an event does, before it is written down as an [`Observation`].
#[derive(Default)]
struct Effect {
    faults: Vec<FaultClass>,
    end: Option<End>,
    value: Option<u64>,
}

impl Machine {
    /// A machine with one process, number 1, that has no memory yet.
    pub fn new(config: Config, handlers: Rc<dyn Handlers>) -> Self {
        let mut kernel = Kernel::new(config, handlers);
        fork::create(&mut kernel, Pid(1));
        Self {
            kernel,
            events: 0,
            named: 0,
        }
    }

    /// Lets an event happen.
    ///
    /// # Panics
    ///
    /// With a [`KernelBug`](crate::kernel::KernelBug) as payload when a handler
    /// does what no kernel may do, and with whatever the handlers panic with. The
    /// machine is of no use afterwards.
    pub fn step(&mut self, event: &Event) -> Observation {
        let k = &mut self.kernel;
        k.cpu = event.cpu;
        k.touched = Touched::default();
        if let Some(trail) = &mut k.trail {
            *trail = Trail::default();
        }
        let before = k.cost;
        let effect = carry_out(k, &event.op, self.events);
        let observation = self.observe(event, effect, before);
        self.events += 1;
        self.kernel.held.clear();
        observation
    }

    /// Watches faults step by step from now on; [`trail`](Machine::trail) tells.
    pub fn watch(&mut self) {
        self.kernel.trail = Some(Trail::default());
    }

    /// The faults of the last event, step by step, if they are watched.
    pub fn trail(&self) -> Option<&Trail> {
        self.kernel.trail.as_ref()
    }

    /// Checks every invariant of the machine.
    pub fn audit(&self) -> Vec<Violation> {
        audit::full(&self.kernel)
    }

    /// The processes that are alive.
    pub fn processes(&self) -> impl Iterator<Item = (Pid, &Process)> {
        self.kernel
            .processes
            .iter()
            .map(|(&pid, process)| (pid, process))
    }

    /// The memory of a process that is alive.
    pub fn mm(&self, pid: Pid) -> Option<Mm<'_>> {
        self.kernel
            .processes
            .contains_key(&pid)
            .then(|| self.kernel.mm(pid))
    }

    /// The bytes of a file on the disk that are not as they were at the start, by
    /// their offset.
    pub fn changed_bytes(&self, file: FileId) -> Vec<(u64, u8)> {
        let object = self.kernel.file_object(file);
        self.kernel.objects.changed_bytes(file, object)
    }

    /// Files that exist so far.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        (0..self.kernel.files.len() as u32).map(FileId)
    }

    /// Frames and swap slots in use.
    pub fn in_use(&self) -> (u32, u32) {
        let k = &self.kernel;
        (k.frames.used(), k.config.swap - k.swap.left())
    }

    /// What everything cost so far.
    pub fn cost(&self) -> Cost {
        self.kernel.cost
    }

    /// The kernel, to look at.
    pub fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// The name of a frame in the log; a frame that was freed in between has
    /// another one.
    pub fn frame_name(&mut self, pfn: Pfn) -> FrameName {
        if pfn == ZERO_PAGE {
            return FrameName::Zero;
        }
        let name = &mut self.kernel.frames.get_mut(pfn).name;
        FrameName::Numbered(*name.get_or_insert_with(|| {
            self.named += 1;
            self.named - 1
        }))
    }

    fn observe(&mut self, event: &Event, effect: Effect, before: Cost) -> Observation {
        let (pid, addr) = (event.op.pid(), event.op.addr());
        let is_access = event.op.is_access();
        let page = match (pid, addr) {
            (Some(pid), Some(addr)) if is_access => self.page_state(pid, addr),
            _ => None,
        };
        let k = &self.kernel;
        Observation {
            event: self.events,
            pid,
            cpu: event.cpu,
            addr,
            is_access,
            faults: effect.faults,
            end: effect.end.unwrap_or(End::Done),
            value: effect.value,
            page,
            frames_used: k.frames.used(),
            slots_used: k.config.swap - k.swap.left(),
            violations: audit::touched(k),
            cost: k.cost - before,
        }
    }

    fn page_state(&mut self, pid: Pid, addr: VirtAddr) -> Option<PageState> {
        if !addr.is_user() || !self.kernel.processes.contains_key(&pid) {
            return None;
        }
        let pte = self.kernel.pte(Page {
            pid,
            vpn: addr.page(),
        });
        let (frame, mappings) = match (pte.frame(), pte.swap_slot()) {
            (Some(pfn), _) => (self.frame_name(pfn), self.kernel.frame(pfn).mappings),
            (None, Some(_)) => (FrameName::Swapped, 0),
            (None, None) => (FrameName::None, 0),
        };
        let (writable, executable) = (pte.writable(), pte.executable());
        Some(PageState {
            frame,
            writable,
            executable,
            dirty: pte.dirty(),
            mappings,
        })
    }
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
fn carry_out(k: &mut Kernel, op: &Op, event: u64) -> Effect {
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
    let end = access::access(k, pid, addr, size, Access::Write, mode, &mut effect.faults);
    if end == Accessed::Done {
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

fn load(k: &mut Kernel, object: crate::cache::ObjectId, offset: u64, len: u64) {
    let end = offset.saturating_add(len).div_ceil(crate::addr::PAGE_SIZE);
    let pages = k.objects.size_pages(object);
    for index in offset / crate::addr::PAGE_SIZE..end.min(pages) {
        k.load_page(ObjectPage { object, index });
    }
}

/// Clean pages that nobody maps leave the page cache (`invalidate_mapping_pages`
/// in Linux mm/truncate.c).
fn drop_cache(k: &mut Kernel, object: crate::cache::ObjectId) -> Effect {
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
    let end = VirtAddr(addr.0 + len.next_multiple_of(crate::addr::PAGE_SIZE)).page();
    let done = populate::map_populate(k, pid, addr.page(), end);
    Effect::of_populate(done, Ok(()))
}

fn advise(
    k: &mut Kernel,
    pid: Pid,
    addr: VirtAddr,
    len: u64,
    advice: crate::event::Advice,
) -> Effect {
    use crate::event::Advice::{PopulateRead, PopulateWrite};
    if !matches!(advice, PopulateRead | PopulateWrite) {
        return Effect::of_call(madvise::madvise(k, pid, addr, len, advice));
    }
    match crate::syscalls::page_range(addr, len) {
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
