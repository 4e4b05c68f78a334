//! The native machine: a trace's events on the kernel of this computer.

mod access;
mod call;
mod files;
mod page_out;
mod proc_files;
mod process;
mod room;
mod stub;
mod tracee;
mod window;

use std::collections::BTreeMap;
use std::path::Path;

use vmsim::addr::{FileId, PAGE_SIZE, Pid, VirtAddr, Vpn};
use vmsim::event::{Advice, Event, Mapping, Op, Populate, Sharing, Source};

use crate::error::Error;
use crate::outcome::{End, NativePage, Outcome};
use crate::plan::{PageOut, Plan};
use call::Call;
use files::{DiskFile, Pipe, Program};
use process::Process;
use tracee::Tracee;
use window::Window;

/// A trace's processes on the kernel of this computer.
///
/// The thread that makes one must be the one that uses it: ptrace(2) knows
/// tracers by their thread. It should stay on one CPU ([`crate::host::pin`]), or
/// `pageout` misses pages that wait in another one's batches.
pub struct NativeMachine {
    processes: BTreeMap<Pid, Process>,
    files: Vec<DiskFile>,
    /// Files that the trace has made so far.
    made: u32,
    /// What a system call reads from a process's memory.
    read_by_calls: Pipe,
    /// What a system call writes to it.
    written_by_calls: Pipe,
    page_out: PageOut,
}

impl NativeMachine {
    /// A machine with one process, number 1, that has no memory yet. The files of
    /// the trace are put into `folder`, without names.
    ///
    /// # Errors
    ///
    /// If the operating system does not let a process be traced, or be laid out as
    /// the trace needs it.
    pub fn new(plan: &Plan, folder: &Path) -> Result<Self, Error> {
        let files = (0..plan.files)
            .map(|_| DiskFile::create(folder))
            .collect::<Result<Vec<_>, _>>()?;
        let (read_by_calls, written_by_calls) = (Pipe::new()?, Pipe::new()?);
        // Directly below the heap, which starts behind the program (see `stub`).
        let code = VirtAddr(room::heap(plan)?.0 - PAGE_SIZE);
        let program = Program::new(&stub::image(code))?;
        let inherited: Vec<i32> = files
            .iter()
            .map(DiskFile::descriptor)
            .chain([read_by_calls.write_end(), written_by_calls.read_end()])
            .chain([program.descriptor()])
            .collect();
        let mut tracee = Tracee::spawn(&program, &inherited, code)?;
        room::make(&mut tracee, &program, plan)?;
        Ok(Self {
            processes: BTreeMap::from([(
                Pid(1),
                Process::new(tracee, Window::new(plan.fault_around))?,
            )]),
            files,
            made: 0,
            read_by_calls,
            written_by_calls,
            page_out: plan.page_out,
        })
    }

    /// Lets an event happen.
    ///
    /// A write without a value writes zero.
    ///
    /// # Errors
    ///
    /// If the traced process goes astray; the machine is of no use afterwards.
    pub fn step(&mut self, event: &Event) -> Result<Outcome, Error> {
        let Some(pid) = event.op.pid() else {
            self.change_file(&event.op)?;
            return Ok(Outcome::nothing());
        };
        let Some(mut process) = self.processes.remove(&pid) else {
            return Ok(Outcome::failed("ESRCH"));
        };
        let outcome = self.act(&mut process, &event.op)?;
        match (&outcome.end, &event.op) {
            (_, Op::Exit { .. }) => process.tracee.exit()?,
            (End::Signalled(signal), _) if !process.handles(signal) => process.die_of(signal)?,
            _ => {
                self.processes.insert(pid, process);
            }
        }
        Ok(outcome)
    }

    /// What a process's page table has for the pages from one up to another; none if it
    /// is dead, or its pages cannot be seen.
    pub fn pages(&self, pid: Pid, start: Vpn, end: Vpn) -> Option<Vec<NativePage>> {
        self.processes.get(&pid)?.tracee.pages(start, end)
    }

    fn change_file(&mut self, op: &Op) -> Result<(), Error> {
        match *op {
            Op::File { size, cache, .. } => {
                self.made += 1;
                let file = FileId(self.made - 1);
                self.file_mut(file).fill(file, size, cache)
            }
            Op::Load { file, offset, len } => self.file_mut(file).load(offset, len),
            Op::Drop { file } => self.file_mut(file).evict(),
            _ => Ok(()),
        }
    }

    fn act(&mut self, process: &mut Process, op: &Op) -> Result<Outcome, Error> {
        match *op {
            Op::Fork { parent, child } if parent == child => Ok(Outcome::failed("EEXIST")),
            Op::Fork { child, .. } => self.fork(process, child),
            Op::Sigaction { signal, action, .. } => {
                process.set_action(signal, action);
                Ok(Outcome::nothing())
            }
            Op::Read { addr, size, .. } => self.read(process, addr, size),
            Op::Exec { addr, .. } => self.alone(process, addr, 1, |process| {
                process.access(addr, |tracee| access::fetch(tracee, addr))
            }),
            Op::Write {
                addr, size, value, ..
            } => process.access(addr, |tracee| {
                access::store(tracee, addr.0, size, value.unwrap_or(0))
            }),
            Op::CopyIn { addr, size, .. } => self.copy_in(process, addr, size),
            Op::CopyOut {
                addr, size, value, ..
            } => self.copy_out(process, addr, size, value.unwrap_or(0)),
            Op::Mmap { addr, len, map, .. } => self.mmap(process, addr, len, &map),
            Op::Madvise {
                addr, len, advice, ..
            } => {
                let call = Call::madvise(addr, len, advice);
                match (advice, self.page_out) {
                    (Advice::PopulateRead, _) => {
                        self.alone(process, addr, len, |process| process.call(&call))
                    }
                    (Advice::PageOut, PageOut::Twice) => page_out::twice(process, addr, len),
                    _ => process.call(&call),
                }
            }
            Op::Munmap { addr, len, .. } => {
                let outcome = process.call(&Call::munmap(addr, len))?;
                if outcome.end == End::Done {
                    process.window.forget(addr, len);
                }
                Ok(outcome)
            }
            Op::Mprotect {
                addr, len, prot, ..
            } => process.call(&Call::mprotect(addr, len, prot)),
            Op::Msync { addr, len, .. } => process.call(&Call::msync(addr, len)),
            Op::Brk { addr, .. } => process.call(&Call::brk(addr)),
            Op::Exit { .. } | Op::File { .. } | Op::Load { .. } | Op::Drop { .. } => {
                Ok(Outcome::nothing())
            }
        }
    }

    fn fork(&mut self, parent: &mut Process, child: Pid) -> Result<Outcome, Error> {
        if self.processes.contains_key(&child) {
            return Ok(Outcome::failed("EEXIST"));
        }
        self.processes.insert(child, parent.fork()?);
        Ok(Outcome::nothing())
    }

    fn read(&mut self, process: &mut Process, addr: VirtAddr, size: u16) -> Result<Outcome, Error> {
        let mut value = 0;
        let mut outcome = self.alone(process, addr, u64::from(size), |process| {
            process.access(addr, |tracee| {
                let (stop, loaded) = access::load(tracee, addr.0, size)?;
                value = loaded;
                Ok(stop)
            })
        })?;
        outcome.value = (outcome.end == End::Done).then_some(value);
        Ok(outcome)
    }

    /// write(2) to a pipe reads the program's memory and does nothing else to it.
    fn copy_in(
        &mut self,
        process: &mut Process,
        addr: VirtAddr,
        size: u16,
    ) -> Result<Outcome, Error> {
        let call = Call::write(self.read_by_calls.write_end(), addr, size);
        let mut outcome = self.alone(process, addr, u64::from(size), |process| {
            process.copy(addr, &call)
        })?;
        let bytes = self.read_by_calls.drain();
        outcome.value = (outcome.end == End::Done).then(|| access::first_bytes(&bytes));
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
        self.written_by_calls.put(&bytes)?;
        let call = Call::read(self.written_by_calls.read_end(), addr, size);
        let outcome = process.copy(addr, &call)?;
        // What a refused call left behind.
        self.written_by_calls.drain();
        Ok(outcome)
    }

    /// mmap(2). Files are mapped without read-ahead, which only a mapping can be
    /// told, and so they are populated afterwards.
    fn mmap(
        &mut self,
        process: &mut Process,
        addr: VirtAddr,
        len: u64,
        map: &Mapping,
    ) -> Result<Outcome, Error> {
        let Source::File { file, .. } = map.source else {
            let outcome = process.call(&Call::mmap_anon(addr, len, map))?;
            match (map.sharing, &outcome.end) {
                (Sharing::Shared, End::Done) => process.window.note(addr, len),
                (Sharing::Private, End::Done) => process.window.forget(addr, len),
                _ => {}
            }
            return Ok(outcome);
        };
        let file = self.file_mut(file).descriptor();
        let mapped = process.call(&Call::mmap_file(addr, len, map, file))?;
        if mapped.end != End::Done {
            return Ok(mapped);
        }
        process.window.note(addr, len);
        process.call(&Call::without_readahead(addr, len))?;
        match map.populate {
            Populate::Lazily => Ok(mapped),
            Populate::Now => self.alone(process, addr, len, |process| populate(process, addr, len)),
        }
    }

    /// Does something with the window of fault-around that the trace wants.
    fn alone(
        &self,
        process: &mut Process,
        addr: VirtAddr,
        len: u64,
        act: impl FnOnce(&mut Process) -> Result<Outcome, Error>,
    ) -> Result<Outcome, Error> {
        let apart = process.window.narrow(&mut process.tracee, addr, len)?;
        let outcome = act(process)?;
        apart.join(&mut process.tracee)?;
        Ok(outcome)
    }

    fn file_mut(&mut self, file: FileId) -> &mut DiskFile {
        &mut self.files[file.0 as usize]
    }
}

impl Drop for NativeMachine {
    fn drop(&mut self) {
        for process in self.processes.values() {
            process.tracee.kill();
        }
    }
}

/// Populates a mapping as `MAP_POPULATE` does: mlock(2) shares its way
/// (`mm_populate` in Linux mm/gup.c). Errors of populating are nobody's business.
fn populate(process: &mut Process, addr: VirtAddr, len: u64) -> Result<Outcome, Error> {
    if locked_max().is_some_and(|most| most < len) {
        let text = format!("{len} bytes may not be locked here (RLIMIT_MEMLOCK)");
        return Err(Error::Lacking(text));
    }
    let populated = process.call(&Call::mlock(addr, len))?;
    process.call(&Call::munlock(addr, len))?;
    Ok(Outcome {
        end: End::Done,
        ..populated
    })
}

/// How many bytes a program may lock, if there is a limit; root may lock all.
fn locked_max() -> Option<u64> {
    if rustix::process::geteuid().is_root() {
        return None;
    }
    rustix::process::getrlimit(rustix::process::Resource::Memlock).current
}
