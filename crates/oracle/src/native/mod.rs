//! The native machine: a trace's events on the kernel of this computer.

mod call;
mod files;
mod proc_files;
mod stub;
mod tracee;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use nix::sys::signal::Signal as Signo;
use rustix::process::{Resource, Rlimit};
use vmsim::addr::{PAGE_SIZE, Pid, TASK_SIZE, VirtAddr, Vpn};
use vmsim::event::{Advice, Config, Event, Mapping, Op, Populate, SigAction, SignalSet, Source};
use vmsim::fault::{Signal, SignalCode};

use crate::error::Error;
use crate::outcome::{Counters, End, Outcome};
use call::Call;
use files::{DiskFile, Inherited, Pipe};
use stub::Routine;
use tracee::{Layout, Stop, Tracee};

/// What Linux maps around a fault: 64 KiB (`fault_around_bytes`).
pub const FAULT_AROUND: u16 = 16;

/// The longest instruction (Intel SDM vol. 2A, 2.3.11).
const INSTRUCTION_BYTES_MAX: u64 = 15;

/// A trace's processes on the kernel of this computer.
///
/// The thread that makes one must be the one that uses it: ptrace(2) knows
/// tracers by their thread. It should stay on one CPU, too, or `pageout` finds
/// pages in the batches of another one.
pub struct NativeMachine {
    processes: BTreeMap<Pid, Process>,
    files: Vec<DiskFile>,
    files_made: usize,
    /// What the processes send when a system call reads their memory.
    from_tracee: Pipe,
    /// What a system call writes to their memory.
    to_tracee: Pipe,
    window: Window,
    /// Pages that ever showed a file or shared memory.
    object_pages: HashSet<Vpn>,
    events: u64,
}

/// How many pages a read fault maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Window {
    /// As the kernel does.
    Linux,
    /// The page alone: for the time of an access it gets a VMA of its own, which
    /// ends the window (rule R8).
    OnePage,
}

struct Process {
    tracee: Tracee,
    on_segv: SigAction,
    on_bus: SigAction,
}

impl NativeMachine {
    /// A machine with one process, number 1, that has no memory yet.
    ///
    /// `files` are as many as the trace will make; they are put into `folder`,
    /// which should be on a disk. Of the configuration only `heap`, `stack_limit`
    /// and `fault_around` matter; the rest is as this computer has it. `avoid` are
    /// the addresses that the trace uses.
    pub fn new(
        config: &Config,
        files: usize,
        folder: &Path,
        avoid: &[VirtAddr],
    ) -> Result<Self, Error> {
        let files = (0..files)
            .map(|_| DiskFile::create(folder))
            .collect::<Result<Vec<_>, _>>()?;
        let (from_tracee, to_tracee) = (Pipe::new()?, Pipe::new()?);
        let code = VirtAddr(config.heap.0 - PAGE_SIZE);
        let program = Inherited::program(&stub::image(code))?;
        let mut descriptors: Vec<i32> = files.iter().map(DiskFile::descriptor).collect();
        descriptors.extend([from_tracee.write_end(), to_tracee.read_end(), program.descriptor()]);
        let mut tracee = Tracee::spawn(&program, &descriptors, code)?;
        limit_stack(&tracee, config.stack_limit)?;
        make_room(&mut tracee, &program, place(avoid))?;
        check_heap(&mut tracee, config)?;
        let window = match config.fault_around {
            1 => Window::OnePage,
            _ => Window::Linux,
        };
        let first = Process {
            tracee,
            on_segv: SigAction::Default,
            on_bus: SigAction::Default,
        };
        Ok(Self {
            processes: BTreeMap::from([(Pid(1), first)]),
            files,
            files_made: 0,
            from_tracee,
            to_tracee,
            window,
            object_pages: HashSet::new(),
            events: 0,
        })
    }

    /// Lets an event happen.
    pub fn step(&mut self, event: &Event) -> Result<Outcome, Error> {
        self.events += 1;
        match &event.op {
            Op::File { size, cache, .. } => {
                let file = vmsim::addr::FileId(self.files_made as u32);
                self.files_made += 1;
                self.files[file.0 as usize].fill(file, *size, *cache)?;
                return Ok(Outcome::nothing());
            }
            Op::Load { file, offset, len } => {
                self.files[file.0 as usize].load(*offset, *len)?;
                return Ok(Outcome::nothing());
            }
            Op::Drop { file } => {
                self.files[file.0 as usize].evict()?;
                return Ok(Outcome::nothing());
            }
            _ => {}
        }
        let pid = event.op.pid().expect("all other events are a process's");
        let Some(mut process) = self.processes.remove(&pid) else {
            return Ok(Outcome::failed("ESRCH"));
        };
        let outcome = self.act(&mut process, &event.op)?;
        match (&outcome.end, &event.op) {
            (_, Op::Exit { .. }) => process.tracee.exit()?,
            (End::Signalled(signal), _) if !process.handles(signal) => {
                process.tracee.die_of(signo(signal))?;
            }
            _ => {
                self.processes.insert(pid, process);
            }
        }
        Ok(outcome)
    }

    fn act(&mut self, process: &mut Process, op: &Op) -> Result<Outcome, Error> {
        match *op {
            Op::Fork { child, .. } => self.fork(process, child),
            Op::Exit { .. } => Ok(Outcome::nothing()),
            Op::Sigaction { signal, action, .. } => {
                process.on_bus = action;
                if signal == SignalSet::Segv {
                    process.on_segv = action;
                }
                Ok(Outcome::nothing())
            }
            Op::Read { addr, size, .. } => self.read(process, addr, size),
            Op::Write {
                addr, size, value, ..
            } => {
                let value = value.unwrap_or(0);
                watched(process, addr, |tracee| store(tracee, addr.0, size, value))
            }
            Op::Exec { addr, .. } => {
                self.isolated(process, addr, 1, |process| watched(process, addr, |tracee| fetch(tracee, addr)))
            }
            Op::CopyIn { addr, size, .. } => self.copy_in(process, addr, size),
            Op::CopyOut {
                addr, size, value, ..
            } => self.copy_out(process, addr, size, value.unwrap_or(0)),
            Op::Mmap { addr, len, map, .. } => self.mmap(process, addr, len, &map),
            Op::Madvise {
                addr,
                len,
                advice: Advice::PopulateRead,
                ..
            } => {
                let call = Call::of_op(op).expect("madvise is a call");
                self.isolated(process, addr, len, |process| called(process, &call))
            }
            _ => called(process, &Call::of_op(op).expect("everything else is a call")),
        }
    }

    fn fork(&mut self, parent: &mut Process, child: Pid) -> Result<Outcome, Error> {
        if self.processes.contains_key(&child) {
            return Ok(Outcome::failed("EEXIST"));
        }
        let mut tracee = parent.tracee.fork()?;
        // Both have to copy the scratch page and the child to map the routines:
        // now, and not in the middle of an event.
        for tracee in [&mut parent.tracee, &mut tracee] {
            settle(tracee)?;
        }
        let (on_segv, on_bus) = (parent.on_segv, parent.on_bus);
        let process = Process {
            tracee,
            on_segv,
            on_bus,
        };
        self.processes.insert(child, process);
        Ok(Outcome::nothing())
    }

    fn read(&mut self, process: &mut Process, addr: VirtAddr, size: u16) -> Result<Outcome, Error> {
        let mut value = 0;
        let mut outcome = self.isolated(process, addr, u64::from(size), |process| {
            watched(process, addr, |tracee| {
                let (stop, loaded) = load(tracee, addr.0, size)?;
                value = loaded;
                Ok(stop)
            })
        })?;
        outcome.value = (outcome.end == End::Done).then_some(value);
        Ok(outcome)
    }

    /// write(2) to a pipe reads the program's memory and does nothing else to it.
    fn copy_in(&mut self, process: &mut Process, addr: VirtAddr, size: u16) -> Result<Outcome, Error> {
        let pipe = self.from_tracee.write_end();
        let call = Call::new(libc::SYS_write, [pipe as u64, addr.0, u64::from(size), 0, 0, 0]);
        let mut outcome = self.isolated(process, addr, u64::from(size), |process| {
            watched_call(process, addr, &call)
        })?;
        let bytes = self.from_tracee.drain();
        outcome.value = (outcome.end == End::Done).then(|| first_bytes(&bytes));
        Ok(outcome)
    }

    /// read(2) from a pipe writes the program's memory.
    fn copy_out(
        &mut self,
        process: &mut Process,
        addr: VirtAddr,
        size: u16,
        value: u64,
    ) -> Result<Outcome, Error> {
        let mut bytes = value.to_le_bytes().to_vec();
        bytes.resize(usize::from(size), 0);
        self.to_tracee.put(&bytes)?;
        let pipe = self.to_tracee.read_end();
        let call = Call::new(libc::SYS_read, [pipe as u64, addr.0, u64::from(size), 0, 0, 0]);
        let outcome = watched_call(process, addr, &call)?;
        self.to_tracee.drain();
        Ok(outcome)
    }

    /// mmap(2). Files are mapped without read-ahead, and populated only when that
    /// is settled.
    fn mmap(
        &mut self,
        process: &mut Process,
        addr: VirtAddr,
        len: u64,
        map: &Mapping,
    ) -> Result<Outcome, Error> {
        let descriptor = |source| match source {
            Source::Anon => -1,
            Source::File { file, .. } => {
                let file: &DiskFile = &self.files[vmsim::addr::FileId::from(file).0 as usize];
                file.descriptor()
            }
        };
        let of_file = matches!(map.source, Source::File { .. });
        let at_once = map.populate == Populate::Now && !of_file;
        let call = Call::mmap(addr, len, map, descriptor(map.source), at_once);
        let mut outcome = called(process, &call)?;
        if outcome.end != End::Done {
            return Ok(outcome);
        }
        if of_file || map.sharing == vmsim::event::Sharing::Shared {
            let pages = addr.0 / PAGE_SIZE..(addr.0 + len).div_ceil(PAGE_SIZE);
            self.object_pages.extend(pages.map(Vpn));
        }
        if of_file {
            call::advise(addr, len, libc::MADV_RANDOM).make(&mut process.tracee)?;
            if map.populate == Populate::Now {
                let populated = self.isolated(process, addr, len, |process| populate(process, addr, len))?;
                outcome.faults = populated.faults;
            }
        }
        Ok(outcome)
    }

    /// Does something while each page of the range that shows a file or shared
    /// memory is a VMA of its own, if the trace wants no fault-around.
    fn isolated<T>(
        &mut self,
        process: &mut Process,
        addr: VirtAddr,
        len: u64,
        act: impl FnOnce(&mut Process) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let end = addr.0.saturating_add(len.max(1)).div_ceil(PAGE_SIZE);
        let pages: Vec<Vpn> = match self.window {
            Window::Linux => Vec::new(),
            Window::OnePage => (addr.page().0..end.min(TASK_SIZE / PAGE_SIZE))
                .map(Vpn)
                .filter(|page| self.object_pages.contains(page))
                .collect(),
        };
        for &page in &pages {
            call::advise(page.start(), PAGE_SIZE, apart(page).0).make(&mut process.tracee)?;
        }
        let done = act(process)?;
        for &page in &pages {
            call::advise(page.start(), PAGE_SIZE, apart(page).1).make(&mut process.tracee)?;
        }
        Ok(done)
    }
}

impl Drop for NativeMachine {
    fn drop(&mut self) {
        for process in self.processes.values() {
            // Whatever is left is killed with the tracer anyway (`PTRACE_O_EXITKILL`).
            let pid = process.tracee.pid();
            let _already_gone = nix::sys::signal::kill(pid, Signo::SIGKILL);
            let _already_gone = nix::sys::wait::waitpid(pid, None);
        }
    }
}

impl Process {
    fn handles(&self, signal: &Signal) -> bool {
        let action = match signal.code {
            SignalCode::Adrerr => self.on_bus,
            _ => self.on_segv,
        };
        action == SigAction::Handler
    }
}

/// Two flags that make neighbouring pages differ, so that their VMAs do not merge,
/// and nothing else while no process forks or dumps core; and how to take them away.
fn apart(page: Vpn) -> (i32, i32) {
    match page.0 % 2 {
        0 => (libc::MADV_DONTDUMP, libc::MADV_DODUMP),
        _ => (libc::MADV_DONTFORK, libc::MADV_DOFORK),
    }
}

/// Populates a mapping as `MAP_POPULATE` does (`mm_populate` in Linux mm/gup.c):
/// mlock(2) does so as well, and can do it after madvise.
fn populate(process: &mut Process, addr: VirtAddr, len: u64) -> Result<Outcome, Error> {
    let call = |number| Call::new(number, [addr.0, len, 0, 0, 0, 0]);
    let mut outcome = called(process, &call(libc::SYS_mlock))?;
    // Errors of populating are nobody's business (mmap(2)).
    outcome.end = End::Done;
    call(libc::SYS_munlock).make(&mut process.tracee)?;
    Ok(outcome)
}

fn called(process: &mut Process, call: &Call) -> Result<Outcome, Error> {
    let before = process.tracee.counters()?;
    let end = call.make(&mut process.tracee)?;
    Ok(Outcome {
        faults: process.tracee.counters()? - before,
        end,
        ..Outcome::nothing()
    })
}

fn watched_call(process: &mut Process, addr: VirtAddr, call: &Call) -> Result<Outcome, Error> {
    let mut end = End::Done;
    let mut outcome = watched(process, addr, |tracee| {
        end = call.make(tracee)?;
        Ok(Stop::Done)
    })?;
    outcome.end = end;
    Ok(outcome)
}

/// Lets an access happen and looks at the counters and the page around it.
fn watched(
    process: &mut Process,
    addr: VirtAddr,
    access: impl FnOnce(&mut Tracee) -> Result<Stop, Error>,
) -> Result<Outcome, Error> {
    let tracee = &mut process.tracee;
    let page = addr.is_user().then(|| addr.page());
    let before = page.and_then(|page| tracee.page(page));
    let counters = tracee.counters()?;
    let end = end_of(access(tracee)?)?;
    Ok(Outcome {
        faults: tracee.counters()? - counters,
        end,
        value: None,
        before,
        after: page.and_then(|page| tracee.page(page)),
    })
}

fn end_of(stop: Stop) -> Result<End, Error> {
    let Stop::Signal { signal, code, addr } = stop else {
        return match stop {
            Stop::Done => Ok(End::Done),
            other => Err(Error::Unexpected(format!("an access ended in {other:?}"))),
        };
    };
    let code = match (signal, code) {
        (Signo::SIGSEGV, 1) => SignalCode::Maperr,
        (Signo::SIGSEGV, 2) => SignalCode::Accerr,
        (Signo::SIGSEGV, libc::SI_KERNEL) => SignalCode::Kernel,
        (Signo::SIGBUS, 2) => SignalCode::Adrerr,
        _ => {
            let text = format!("an access ended in {signal}, si_code {code}, at {addr:#x}");
            return Err(Error::Unexpected(text));
        }
    };
    let addr = VirtAddr(addr);
    Ok(End::Signalled(Signal { code, addr }))
}

/// Loads an access piece by piece; a single instruction where there is one for
/// its size. More than the first piece cannot fault but on a second page.
fn load(tracee: &mut Tracee, addr: u64, size: u16) -> Result<(Stop, u64), Error> {
    let mut value = 0;
    for (offset, piece) in pieces(size) {
        let at = addr.wrapping_add(u64::from(offset));
        let (stop, loaded) = tracee.load(at, piece)?;
        if stop != Stop::Done {
            return Ok((stop, 0));
        }
        let loaded = loaded & mask(piece);
        value |= loaded << (8 * offset);
    }
    match size {
        0..=8 => Ok((Stop::Done, value)),
        _ => Ok((tracee.load_many(addr + 8, u64::from(size) - 8)?, value)),
    }
}

/// Stores an access piece by piece, like [`load`]; the bytes beyond the eighth are
/// zero.
fn store(tracee: &mut Tracee, addr: u64, size: u16, value: u64) -> Result<Stop, Error> {
    for (offset, piece) in pieces(size) {
        let at = addr.wrapping_add(u64::from(offset));
        let stop = tracee.store(at, piece, value >> (8 * offset))?;
        if stop != Stop::Done {
            return Ok(stop);
        }
    }
    match size {
        0..=8 => Ok(Stop::Done),
        _ => tracee.store_zeroes(addr + 8, u64::from(size) - 8),
    }
}

/// Offsets and sizes of the pieces that the first eight bytes of an access are
/// loaded or stored in.
fn pieces(size: u16) -> impl Iterator<Item = (u16, u16)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let left = size.min(8) - done;
        let piece = [8, 4, 2, 1].into_iter().find(|&piece| piece <= left)?;
        done += piece;
        Some((done - piece, piece))
    })
}

fn mask(size: u16) -> u64 {
    match size {
        8 => u64::MAX,
        _ => (1 << (8 * size)) - 1,
    }
}

fn first_bytes(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().take(8).rev();
    bytes.fold(0, |value, &byte| value << 8 | u64::from(byte))
}

/// Fetches the instruction at an address. What it does once it is fetched, or the
/// signal that it then raises itself, says nothing about the fetch.
fn fetch(tracee: &mut Tracee, addr: VirtAddr) -> Result<Stop, Error> {
    if !addr.is_canonical() {
        return tracee.jump(addr.0);
    }
    let stop = tracee.execute(addr.0)?;
    let refused = match stop {
        Stop::Signal {
            signal: Signo::SIGSEGV | Signo::SIGBUS,
            addr: at,
            ..
        } => (addr.0..addr.0.saturating_add(INSTRUCTION_BYTES_MAX)).contains(&at),
        Stop::Gone => return Err(Error::Unexpected("a fetch ended the process".into())),
        _ => false,
    };
    Ok(if refused { stop } else { Stop::Done })
}

/// Touches the process's own pages.
fn settle(tracee: &mut Tracee) -> Result<(), Error> {
    let scratch = tracee.layout().scratch.0;
    match tracee.store(scratch, 8, 0)? {
        Stop::Done => Ok(()),
        stop => Err(Error::Unexpected(format!("the scratch page: {stop:?}"))),
    }
}

/// A place for the process's own pages, far from all that the trace uses.
fn place(avoid: &[VirtAddr]) -> VirtAddr {
    /// More than the largest stack can grow, and than a trace maps at once.
    const FAR: u64 = 1 << 32;
    let candidates = (1..TASK_SIZE >> 40).map(|number| (number << 40) + FAR / 2);
    let is_far = |&at: &u64| avoid.iter().all(|addr| addr.0.abs_diff(at) > FAR);
    VirtAddr(candidates.rev().find(is_far).unwrap_or(FAR / 2))
}

/// Moves the routines to their place and unmaps everything else: the loaded
/// program, the stack, the vDSO.
fn make_room(tracee: &mut Tracee, program: &Inherited, code: VirtAddr) -> Result<(), Error> {
    let layout = Layout {
        code,
        scratch: VirtAddr(code.0 + 2 * PAGE_SIZE),
    };
    for call in [
        Call::map_routines(layout.code, program.descriptor()),
        Call::map_scratch(layout.scratch),
    ] {
        match call.make(tracee)? {
            End::Done => {}
            end => return Err(Error::Unexpected(format!("no room for the routines: {end:?}"))),
        }
    }
    tracee.moved_to(layout);
    settle(tracee)?;
    for (start, end) in mappings(tracee)? {
        if ![layout.code.0, layout.scratch.0].contains(&start) && end <= TASK_SIZE {
            // Some kernels seal the vDSO: it stays where it is, at the very top.
            Call::munmap(VirtAddr(start), end - start).make(tracee)?;
        }
    }
    Ok(())
}

/// Start and end of each mapping (proc_pid_maps(5)).
fn mappings(tracee: &Tracee) -> Result<Vec<(u64, u64)>, Error> {
    let path = format!("/proc/{}/maps", tracee.pid());
    let maps = std::fs::read_to_string(&path).map_err(|error| Error::io(format!("read {path}"), error))?;
    let range = |line: &str| {
        let (start, rest) = line.split_once('-')?;
        let (end, _) = rest.split_once(' ')?;
        let number = |text| u64::from_str_radix(text, 16).ok();
        Some((number(start)?, number(end)?))
    };
    Ok(maps.lines().filter_map(range).collect())
}

fn limit_stack(tracee: &Tracee, bytes: u64) -> Result<(), Error> {
    let pid = rustix::process::Pid::from_raw(tracee.pid().as_raw());
    let limit = Rlimit {
        current: Some(bytes),
        maximum: None,
    };
    let old = rustix::process::prlimit(pid, Resource::Stack, limit);
    old.map(|_| ())
        .map_err(|errno| Error::io("limit the stack".into(), errno.into()))
}

/// brk(2) with 0 tells where the heap ends.
fn check_heap(tracee: &mut Tracee, config: &Config) -> Result<(), Error> {
    let start = tracee.syscall(libc::SYS_brk, [0; 6])? as u64;
    if start == config.heap.0 {
        return Ok(());
    }
    Err(Error::Lacking(format!(
        "the heap starts at {start:#x}, not at {}: this machine randomises it",
        config.heap
    )))
}

fn signo(signal: &Signal) -> Signo {
    match signal.code {
        SignalCode::Adrerr => Signo::SIGBUS,
        _ => Signo::SIGSEGV,
    }
}

impl Outcome {
    fn nothing() -> Self {
        Self {
            faults: Counters::default(),
            end: End::Done,
            value: None,
            before: None,
            after: None,
        }
    }

    fn failed(errno: &str) -> Self {
        Self {
            end: End::Failed(errno.to_owned()),
            ..Self::nothing()
        }
    }
}
