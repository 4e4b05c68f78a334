//! Writes a binary trace.

use std::io::{self, Write};

use vmsim::addr::{CpuId, FileId, Pid, VirtAddr};
use vmsim::event::{Cache, Config, Event, Mapping, Op, Source, UserAccess};

use crate::binary::kind::{self, code};
use crate::binary::word;
use crate::error::WriteError;
use crate::machine::KEYS;
use crate::names::Names;
use crate::valid::{check_config, check_event, pids};

/// Plain accesses that become one record at most; so much is kept in memory.
const WORDS_MAX: usize = 1024;

/// So many are shorter as words of one record than as records of their own.
const WORDS_MIN: usize = 4;

/// Writes events as records.
///
/// A trace is whole only after [`Encoder::finish`]; a reader takes one without
/// its end for a damaged one.
#[derive(Debug)]
pub struct Encoder<W> {
    out: W,
    config: Config,
    names: Names,
    record: Record,
    /// The last events, if they were plain accesses of one process on one CPU.
    run: Vec<UserAccess>,
    count: u64,
}

/// A record in the making, and what the one before left behind.
#[derive(Debug)]
struct Record {
    bytes: Vec<u8>,
    cpu: CpuId,
    pid: Pid,
    addr: VirtAddr,
}

impl<W: Write> Encoder<W> {
    /// Writes what stands before the first record.
    pub fn new(mut out: W, config: &Config) -> Result<Self, WriteError> {
        check_config(config)?;
        let mut record = Record {
            bytes: Vec::new(),
            cpu: CpuId(0),
            pid: Pid(1),
            addr: VirtAddr(0),
        };
        record.bytes.extend(kind::MAGIC);
        record.bytes.push(kind::VERSION);
        for (_, key) in KEYS {
            record.varint(key.get(config));
        }
        record.write_to(&mut out)?;
        Ok(Self {
            out,
            config: *config,
            names: Names::default(),
            record,
            run: Vec::new(),
            count: 0,
        })
    }

    /// Writes an event, which must be valid ([`crate::valid`]).
    pub fn write(&mut self, event: &Event) -> Result<(), WriteError> {
        check_event(event, &self.config, &self.names)?;
        if let Op::File { name, .. } = &event.op {
            self.names.add(name).expect("the event is valid");
        }
        self.count += 1;
        let plain = event
            .user_access()
            .filter(|access| word::of(access).is_some());
        let goes_on = |next: &UserAccess| match self.run.last() {
            Some(last) => {
                self.run.len() < WORDS_MAX && (last.cpu, last.pid) == (next.cpu, next.pid)
            }
            None => true,
        };
        if !plain.as_ref().is_some_and(goes_on) {
            self.write_run()?;
        }
        match plain {
            Some(access) => self.run.push(access),
            None => self.record.event(event),
        }
        Ok(self.record.write_to(&mut self.out)?)
    }

    /// Writes the plain accesses that were kept: many as words, a few as any other events.
    fn write_run(&mut self) -> Result<(), WriteError> {
        if self.run.len() < WORDS_MIN {
            for access in self.run.drain(..) {
                self.record.event(&access.into());
            }
        } else {
            self.record.words(&self.run);
            self.run.clear();
        }
        Ok(self.record.write_to(&mut self.out)?)
    }

    /// Writes the end mark, flushes and gives the output back.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.write_run()?;
        self.record.bytes.push(kind::END);
        self.record.varint(self.count);
        self.record.write_to(&mut self.out)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl Record {
    fn write_to(&mut self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&self.bytes)?;
        self.bytes.clear();
        Ok(())
    }

    /// Plain accesses of one process on one CPU.
    fn words(&mut self, run: &[UserAccess]) {
        let UserAccess { cpu, pid, .. } = run[0];
        self.head(kind::WORDS, cpu, pid);
        let words = run.iter().filter_map(word::of);
        let words: Vec<_> = words
            .flat_map(|(word, value)| [Some(word), value])
            .flatten()
            .collect();
        self.varint(words.len() as u64);
        self.bytes.extend(words.as_flattened());
    }

    fn event(&mut self, event: &Event) {
        let has_size = match access_size(&event.op) {
            1 => 0,
            _ => kind::HAS_SIZE,
        };
        let pid = pids(&event.op)[0].unwrap_or(self.pid);
        self.head(kind_of(&event.op) | has_size, event.cpu, pid);
        match &event.op {
            Op::File { name, size, cache } => self.file(name, *size, *cache),
            Op::Mmap { addr, len, map, .. } => self.mmap(*addr, *len, map),
            Op::Munmap { addr, len, .. } | Op::Msync { addr, len, .. } => self.range(*addr, *len),
            Op::Mprotect {
                addr, len, prot, ..
            } => {
                self.range(*addr, *len);
                self.bytes.push(kind::prot_code(*prot));
            }
            Op::Madvise {
                addr, len, advice, ..
            } => {
                self.range(*addr, *len);
                self.bytes.push(code(&kind::ADVICES, *advice));
            }
            Op::Brk { addr, .. } | Op::Exec { addr, .. } => self.step(*addr),
            Op::Fork { child, .. } => self.varint(child.0.into()),
            Op::Exit { .. } => {}
            Op::Read { addr, size, .. } | Op::CopyIn { addr, size, .. } => {
                self.access(*addr, *size, None);
            }
            Op::Write {
                addr, size, value, ..
            }
            | Op::CopyOut {
                addr, size, value, ..
            } => {
                self.access(*addr, *size, *value);
            }
            Op::Load { file, offset, len } => {
                self.file_part(*file, *offset);
                self.varint(*len);
            }
            Op::Drop { file } => self.varint(file.0.into()),
            Op::Sigaction { signal, action, .. } => {
                self.bytes.push(code(&kind::SIGNALS, (*signal, *action)));
            }
        }
    }

    /// The tag, and the CPU and process where they are others than before.
    fn head(&mut self, mut tag: u8, cpu: CpuId, pid: Pid) {
        let (other_cpu, other_pid) = (cpu != self.cpu, pid != self.pid);
        tag |= if other_cpu { kind::HAS_CPU } else { 0 };
        tag |= if other_pid { kind::HAS_PID } else { 0 };
        self.bytes.push(tag);
        if other_cpu {
            self.bytes.push(cpu.0);
        }
        if other_pid {
            self.varint(pid.0.into());
        }
        (self.cpu, self.pid) = (cpu, pid);
    }

    fn access(&mut self, addr: VirtAddr, size: u16, value: Option<u64>) {
        self.step(addr);
        if size != 1 {
            self.varint(size.into());
        }
        if let Some(value) = value {
            self.varint(value);
        }
    }

    fn file(&mut self, name: &str, size: u64, cache: Cache) {
        self.varint(name.len() as u64);
        self.bytes.extend(name.as_bytes());
        self.varint(size);
        self.bytes.push(code(&kind::CACHES, cache));
    }

    fn mmap(&mut self, addr: VirtAddr, len: u64, map: &Mapping) {
        self.range(addr, len);
        self.bytes.push(kind::mapping_code(map));
        if let Source::File { file, offset } = map.source {
            self.file_part(file, offset);
        }
    }

    fn file_part(&mut self, file: FileId, offset: u64) {
        self.varint(file.0.into());
        self.varint(offset);
    }

    fn range(&mut self, addr: VirtAddr, len: u64) {
        self.step(addr);
        self.varint(len);
    }

    /// The way from the last address, zigzag: small either way is small.
    fn step(&mut self, addr: VirtAddr) {
        let step = addr.0.wrapping_sub(self.addr.0) as i64;
        self.varint((step << 1 ^ step >> 63) as u64);
        self.addr = addr;
    }

    fn varint(&mut self, mut number: u64) {
        while number > 0x7f {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }
}

/// The size of an access; 1 for all other events.
fn access_size(op: &Op) -> u16 {
    match *op {
        Op::Read { size, .. }
        | Op::Write { size, .. }
        | Op::CopyIn { size, .. }
        | Op::CopyOut { size, .. } => size,
        _ => 1,
    }
}

fn kind_of(op: &Op) -> u8 {
    match op {
        Op::Read { .. } => kind::READ,
        Op::Write { value: None, .. } => kind::WRITE,
        Op::Write { value: Some(_), .. } => kind::WRITE_VALUE,
        Op::Exec { .. } => kind::EXEC,
        Op::CopyIn { .. } => kind::COPY_IN,
        Op::CopyOut { value: None, .. } => kind::COPY_OUT,
        Op::CopyOut { value: Some(_), .. } => kind::COPY_OUT_VALUE,
        Op::Mmap { .. } => kind::MMAP,
        Op::Munmap { .. } => kind::MUNMAP,
        Op::Mprotect { .. } => kind::MPROTECT,
        Op::Madvise { .. } => kind::MADVISE,
        Op::Brk { .. } => kind::BRK,
        Op::Fork { .. } => kind::FORK,
        Op::Exit { .. } => kind::EXIT,
        Op::File { .. } => kind::FILE,
        Op::Load { .. } => kind::LOAD,
        Op::Drop { .. } => kind::DROP,
        Op::Msync { .. } => kind::MSYNC,
        Op::Sigaction { .. } => kind::SIGACTION,
    }
}
