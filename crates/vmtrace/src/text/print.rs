//! Writes a text trace, in its canonical form: one blank between words, no short
//! forms, no defaults, sizes with the largest suffix that divides them.

use std::fmt::{self, Display};
use std::io::Write;

use vmsim::addr::FileId;
use vmsim::event::{Config, Event, Growth, Mapping, Op, Populate, Source};

use crate::error::WriteError;
use crate::machine::{KEYS, Key, Notation};
use crate::names::{ANON, Names};
use crate::text::words::{ACTIONS, ADVICES, CACHES, MAP_FLAGS, MapFlag, SHARINGS, SIGNALS, word};
use crate::valid::{check_config, check_event};

/// Writes events as lines.
#[derive(Debug)]
pub struct Printer<W> {
    out: W,
    config: Config,
    names: Names,
}

impl<W: Write> Printer<W> {
    /// Writes the `machine` line.
    pub fn new(mut out: W, config: &Config) -> Result<Self, WriteError> {
        check_config(config)?;
        writeln!(out, "{}", MachineText(config))?;
        Ok(Self {
            out,
            config: *config,
            names: Names::default(),
        })
    }

    /// Writes an event, which must be valid ([`crate::valid`]).
    pub fn write(&mut self, event: &Event) -> Result<(), WriteError> {
        check_event(event, &self.config, &self.names)?;
        if let Op::File { name, .. } = &event.op {
            self.names.add(name).expect("the event is valid");
        }
        writeln!(
            self.out,
            "{}",
            EventText {
                event,
                names: &self.names
            }
        )?;
        Ok(())
    }

    /// Flushes and gives the output back.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.out.flush()?;
        Ok(self.out)
    }
}

/// A machine as its line shows it, with all keys, so that a trace keeps its
/// meaning when a default changes.
#[derive(Clone, Copy, Debug)]
pub struct MachineText<'a>(pub &'a Config);

/// An event as its line shows it.
///
/// A file without a name is shown as `?N`, so that an observer can show any event.
#[derive(Clone, Copy, Debug)]
pub struct EventText<'a> {
    /// What happens.
    pub event: &'a Event,
    /// The files of the trace.
    pub names: &'a Names,
}

impl Display for MachineText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("machine")?;
        for (word, key) in KEYS {
            write!(f, " {word}=")?;
            key_value(f, key, key.get(self.0))?;
        }
        Ok(())
    }
}

impl Display for EventText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        op(f, &self.event.op, self.names)?;
        match self.event.cpu.0 {
            0 => Ok(()),
            cpu => write!(f, " @{cpu}"),
        }
    }
}

fn op(f: &mut fmt::Formatter<'_>, op: &Op, names: &Names) -> fmt::Result {
    match op {
        Op::File { name, size, cache } => {
            write!(f, "file {name} {} {}", Size(*size), word(&CACHES, *cache))
        }
        Op::Mmap {
            pid,
            addr,
            len,
            map,
        } => {
            write!(f, "mmap {pid} {addr} {}", Size(*len))?;
            mapping(f, map, names)
        }
        Op::Munmap { pid, addr, len } => write!(f, "munmap {pid} {addr} {}", Size(*len)),
        Op::Mprotect {
            pid,
            addr,
            len,
            prot,
        } => {
            write!(f, "mprotect {pid} {addr} {} {prot}", Size(*len))
        }
        Op::Madvise {
            pid,
            addr,
            len,
            advice,
        } => {
            write!(
                f,
                "madvise {pid} {addr} {} {}",
                Size(*len),
                word(&ADVICES, *advice)
            )
        }
        Op::Brk { pid, addr } => write!(f, "brk {pid} {addr}"),
        Op::Fork { parent, child } => write!(f, "fork {parent} {child}"),
        Op::Exit { pid } => write!(f, "exit {pid}"),
        Op::Read { pid, addr, size } => write!(f, "read {pid} {addr}{}", AccessSize(*size)),
        Op::Write {
            pid,
            addr,
            size,
            value,
        } => {
            write!(
                f,
                "write {pid} {addr}{}{}",
                AccessSize(*size),
                Value(*value)
            )
        }
        Op::Exec { pid, addr } => write!(f, "exec {pid} {addr}"),
        Op::CopyIn { pid, addr, size } => write!(f, "copyin {pid} {addr}{}", AccessSize(*size)),
        Op::CopyOut {
            pid,
            addr,
            size,
            value,
        } => {
            write!(
                f,
                "copyout {pid} {addr}{}{}",
                AccessSize(*size),
                Value(*value)
            )
        }
        Op::Load { file, offset, len } => {
            f.write_str("load ")?;
            file_part(f, *file, *offset, names)?;
            write!(f, " {}", Size(*len))
        }
        Op::Drop { file } => {
            f.write_str("drop ")?;
            file_name(f, *file, names)
        }
        Op::Msync { pid, addr, len } => write!(f, "msync {pid} {addr} {}", Size(*len)),
        Op::Sigaction {
            pid,
            signal,
            action,
        } => {
            write!(
                f,
                "sigaction {pid} {} {}",
                word(&SIGNALS, *signal),
                word(&ACTIONS, *action)
            )
        }
    }
}

fn mapping(f: &mut fmt::Formatter<'_>, map: &Mapping, names: &Names) -> fmt::Result {
    write!(f, " {} {} ", map.prot, word(&SHARINGS, map.sharing))?;
    match map.source {
        Source::Anon => f.write_str(ANON)?,
        Source::File { file, offset } => file_part(f, file, offset, names)?,
    }
    if map.populate == Populate::Now {
        write!(f, " {}", word(&MAP_FLAGS, MapFlag::Populate(map.populate)))?;
    }
    if map.growth == Growth::Down {
        write!(f, " {}", word(&MAP_FLAGS, MapFlag::Growth(map.growth)))?;
    }
    Ok(())
}

fn file_part(f: &mut fmt::Formatter<'_>, file: FileId, offset: u64, names: &Names) -> fmt::Result {
    file_name(f, file, names)?;
    match offset {
        0 => Ok(()),
        _ => write!(f, "+{offset:#x}"),
    }
}

fn file_name(f: &mut fmt::Formatter<'_>, file: FileId, names: &Names) -> fmt::Result {
    match names.get(file) {
        Some(name) => f.write_str(name),
        None => write!(f, "?{}", file.0),
    }
}

fn key_value(f: &mut fmt::Formatter<'_>, key: Key, value: u64) -> fmt::Result {
    match key.notation() {
        Notation::Count => write!(f, "{value}"),
        Notation::Size => write!(f, "{}", Size(value)),
        Notation::Address => write!(f, "{value:#x}"),
    }
}

struct Size(u64);

impl Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("0"),
            bytes if bytes.is_multiple_of(1 << 30) => write!(f, "{}G", bytes >> 30),
            bytes if bytes.is_multiple_of(1 << 20) => write!(f, "{}M", bytes >> 20),
            bytes if bytes.is_multiple_of(1 << 10) => write!(f, "{}K", bytes >> 10),
            bytes => write!(f, "{bytes}"),
        }
    }
}

struct AccessSize(u16);

impl Display for AccessSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => Ok(()),
            size => write!(f, " {size}B"),
        }
    }
}

struct Value(Option<u64>);

impl Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => Ok(()),
            Some(value) => write!(f, " ={value}"),
        }
    }
}
