//! From the lines of the logs to the events of one trace.
//!
//! A child's log begins where its parent's fork ends, so the child runs as a
//! whole directly after the fork, then the parent goes on. The true order of the
//! two is in neither log.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::Ordering;

use vmsim::addr::{PAGE_SIZE, Pid, VirtAddr, Vpn};
use vmsim::event::{Op, Source};

use crate::call::Args;
use crate::error::Error;
use crate::files::{Descriptors, Files};
use crate::import::Sources;
use crate::kernel;
use crate::line::{self, Access, AccessKind, Call, Expected, Line, Outcome};
use crate::log::{Lines, Log};
use crate::memory;
use crate::process::{Ended, Process};
use crate::stage::Stage;
use crate::summary::Records;

/// Why a line could not be turned into events.
enum Stop {
    /// The line does not say what it should.
    Expected(Expected),
    /// Anything that knows its own place.
    Error(Error),
}

impl From<Expected> for Stop {
    fn from(expected: Expected) -> Self {
        Stop::Expected(expected)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Error(error.into())
    }
}

/// Turns logs into events and counts what it sees.
pub(crate) struct Translator<'a, S> {
    to: &'a mut S,
    sources: &'a Sources,
    /// Logs of children that no fork has asked for yet, by the log's numbers.
    waiting: HashMap<u32, &'a Log>,
    last_pid: u32,
    pub files: Files,
    pub records: Records,
    pub heap: Option<VirtAddr>,
}

impl<'a, S: Stage> Translator<'a, S> {
    pub fn new(sources: &'a Sources, to: &'a mut S) -> Self {
        Self {
            to,
            sources,
            waiting: sources.children.iter().map(|log| (log.pid, log)).collect(),
            last_pid: 0,
            files: Files::default(),
            records: Records::default(),
            heap: None,
        }
    }

    /// Translates the log of the first process and, fork by fork, its children's.
    pub fn run(&mut self) -> Result<(), Error> {
        let first = &self.sources.first;
        let pid = self.next_pid();
        self.process(first, Process::new(pid, Descriptors::default()))?;
        let orphan = self.waiting.values().min_by_key(|log| log.pid);
        match orphan.filter(|_| !self.to.is_full()) {
            Some(log) => Err(Error::Orphan {
                path: log.path.clone(),
                pid: log.pid,
            }),
            None => Ok(()),
        }
    }

    fn next_pid(&mut self) -> Pid {
        self.last_pid += 1;
        Pid(self.last_pid)
    }

    fn process(&mut self, log: &Log, mut process: Process) -> Result<(), Error> {
        let mut lines = log.lines()?;
        while !self.to.is_full() && lines.advance()?.is_some() {
            if self.sources.interrupt.load(Ordering::Relaxed) {
                return Err(Error::Interrupted);
            }
            match self.line(&mut process, lines.current()) {
                Ok(()) => {}
                Err(Stop::Expected(_)) if !lines.whole => self.records.cut_lines += 1,
                Err(stop) => return Err(stop.at(&lines)),
            }
        }
        Ok(())
    }

    fn line(&mut self, process: &mut Process, line: &[u8]) -> Result<(), Stop> {
        if let Some(access) = line::access(line) {
            return self.access(process.pid, access);
        }
        let text = String::from_utf8_lossy(line);
        match line::joined(&text) {
            Some((first, second)) => {
                self.other_line(process, first)?;
                self.line(process, second.as_bytes())
            }
            None => self.other_line(process, &text),
        }
    }

    /// A line that is no access record.
    fn other_line(&mut self, process: &mut Process, text: &str) -> Result<(), Stop> {
        let ended = match Line::parse(text)? {
            Line::Chatter => None,
            Line::Call(call) => {
                self.fork(process, &call)?;
                process.begin(&call)
            }
            Line::Resumed(thread, outcome) => process.end(thread, outcome),
            Line::Ended(outcome) => process.end_last(outcome),
        };
        ended.map_or(Ok(()), |call| self.ended(process, &call))
    }

    /// A modify is one instruction that loads and stores, such as `add [m], r`:
    /// x86 raises one #PF for it, and that with W=1. So it is one write.
    fn access(&mut self, pid: Pid, access: Access) -> Result<(), Stop> {
        self.records.count(access.kind);
        let Access { addr, size, .. } = access;
        match access.kind {
            AccessKind::Fetch => self.fetch(pid, addr, size)?,
            AccessKind::Load => self.to.op(Op::Read { pid, addr, size })?,
            AccessKind::Store | AccessKind::Modify => self.store(pid, addr, size)?,
        }
        Ok(())
    }

    fn store(&mut self, pid: Pid, addr: VirtAddr, size: u16) -> io::Result<()> {
        let value = None;
        self.to.op(Op::Write {
            pid,
            addr,
            size,
            value,
        })
    }

    /// An instruction that crosses a page boundary is fetched from both pages;
    /// an `exec` event has no size, so it becomes two.
    fn fetch(&mut self, pid: Pid, addr: VirtAddr, size: u16) -> io::Result<()> {
        self.to.op(Op::Exec { pid, addr })?;
        let into_next = addr.page_offset() + u64::from(size) > PAGE_SIZE;
        match addr.page().0.checked_add(1) {
            Some(next) if into_next => self.to.op(Op::Exec {
                pid,
                addr: Vpn(next).start(),
            }),
            _ => Ok(()),
        }
    }

    /// Makes the child that a fork, vfork or clone names, and lets it run.
    fn fork(&mut self, process: &Process, call: &Call) -> Result<(), Stop> {
        let Some(number) = call.child else {
            return Ok(());
        };
        let (parent, child) = (process.pid, self.next_pid());
        self.to.op(Op::Fork { parent, child })?;
        if let Some(addr) = memory::child_tid(call)? {
            self.to.op(kernel::copy_out(child, addr, 4))?;
        }
        match self.waiting.remove(&number) {
            Some(log) => self
                .process(log, Process::new(child, process.open.clone()))
                .map_err(Stop::Error),
            None => {
                self.records.children_without_log += 1;
                Ok(())
            }
        }
    }

    fn ended(&mut self, process: &mut Process, call: &Ended) -> Result<(), Stop> {
        *self.records.calls.entry(call.name.clone()).or_default() += 1;
        match call.outcome {
            Outcome::Success(result) => self.succeeded(process, call, result),
            Outcome::Nothing => {
                self.records.failed_calls += 1;
                Ok(())
            }
        }
    }

    fn succeeded(&mut self, process: &mut Process, call: &Ended, result: u64) -> Result<(), Stop> {
        let args = Args(&call.args);
        for op in kernel::copies(process.pid, &call.name, args, result)? {
            self.to.op(op)?;
        }
        match &*call.name {
            "mmap" => self.mmap(process, args, result),
            "mremap" => self.mremap(process.pid, args, result),
            "brk" => self.brk(process.pid, args, result),
            "munmap" | "mprotect" | "madvise" | "msync" => {
                self.range(process.pid, &call.name, args)
            }
            "exit_group" => Ok(self.to.op(Op::Exit { pid: process.pid })?),
            // The first thread's exit ends a program that has no other.
            "exit" if call.thread == 1 => Ok(self.to.op(Op::Exit { pid: process.pid })?),
            _ => self.other(process, call, args, result),
        }
    }

    fn mmap(&mut self, process: &Process, args: Args, result: u64) -> Result<(), Stop> {
        let source = match memory::is_anonymous(args)? {
            true => Source::Anon,
            false => Source::File {
                file: self.files.shown_by(args.number(4)? as u32, &process.open),
                offset: args.number(5)?,
            },
        };
        let op = memory::mmap(process.pid, args, result, source)?;
        Ok(self.to.op(op)?)
    }

    /// What is lost is said in the trace.
    fn mremap(&mut self, pid: Pid, args: Args, result: u64) -> Result<(), Stop> {
        self.to.comment(
            "mremap: as munmap and mmap of anonymous memory; the pages lose their contents",
        )?;
        for op in memory::mremap(pid, args, result)? {
            self.to.op(op)?;
        }
        Ok(())
    }

    /// The first answer is the start of the heap; a break that did not move is
    /// a question or a failure.
    fn brk(&mut self, pid: Pid, args: Args, result: u64) -> Result<(), Stop> {
        let addr = VirtAddr(result);
        if self.heap.is_none() {
            self.heap = Some(addr);
            self.to.heap(addr);
        }
        match args.number(0)? == result {
            true => Ok(self.to.op(Op::Brk { pid, addr })?),
            false => Ok(()),
        }
    }

    fn range(&mut self, pid: Pid, name: &str, args: Args) -> Result<(), Stop> {
        match memory::range(pid, name, args)? {
            Some(op) => Ok(self.to.op(op)?),
            None => {
                self.records.ignore(name);
                Ok(())
            }
        }
    }

    /// Calls that open and close files, and all that leave no trace.
    fn other(
        &mut self,
        process: &mut Process,
        call: &Ended,
        args: Args,
        result: u64,
    ) -> Result<(), Stop> {
        let fd = result as u32;
        match &*call.name {
            "openat" => process.open.open(fd, args.text(1).unwrap_or_default()),
            "open" | "creat" => process.open.open(fd, args.text(0).unwrap_or_default()),
            "close" => process.open.close(args.number(0)? as u32),
            "dup" | "dup2" | "dup3" => process.open.duplicate(args.number(0)? as u32, fd),
            "fcntl" if [F_DUPFD, F_DUPFD_CLOEXEC].contains(&args.number(1)?) => {
                process.open.duplicate(args.number(0)? as u32, fd);
            }
            "fork" | "vfork" | "clone" | "clone3" => {}
            name if kernel::is_known(name) => {}
            name => self.records.ignore(name),
        }
        Ok(())
    }
}

impl Stop {
    fn at(self, lines: &Lines) -> Error {
        match self {
            Stop::Expected(expected) => lines.malformed(expected),
            Stop::Error(error) => error,
        }
    }
}

/// Commands of fcntl(2) that copy a descriptor.
const F_DUPFD: u64 = 0;
const F_DUPFD_CLOEXEC: u64 = 1030;
