//! Writes a text trace, in its canonical form: one blank between words, no short
//! forms, no defaults, sizes with the largest suffix that divides them.

use std::fmt::{self, Display};
use std::io::Write;

use vmsim::addr::{FileId, Pid, VirtAddr};
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

impl EventText<'_> {
    /// Writes what is displayed, for whoever writes millions of events: an access goes
    /// into a `String` without a formatter.
    ///
    /// # Errors
    ///
    /// If `f` does not take it.
    pub fn write_to(&self, f: &mut impl fmt::Write) -> fmt::Result {
        op(f, &self.event.op, self.names)?;
        match self.event.cpu.0 {
            0 => Ok(()),
            cpu => write!(f, " @{cpu}"),
        }
    }
}

impl Display for EventText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

fn op(f: &mut impl fmt::Write, op: &Op, names: &Names) -> fmt::Result {
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
        Op::Read { pid, addr, size } => access(f, "read ", *pid, *addr, *size),
        Op::Write {
            pid,
            addr,
            size,
            value: written,
        } => {
            access(f, "write ", *pid, *addr, *size)?;
            value(f, *written)
        }
        Op::Exec { pid, addr } => access(f, "exec ", *pid, *addr, 1),
        Op::CopyIn { pid, addr, size } => access(f, "copyin ", *pid, *addr, *size),
        Op::CopyOut {
            pid,
            addr,
            size,
            value: written,
        } => {
            access(f, "copyout ", *pid, *addr, *size)?;
            value(f, *written)
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

/// Most events are accesses: `word` ends with a blank, and a size of one byte is left out.
fn access(f: &mut impl fmt::Write, word: &str, pid: Pid, addr: VirtAddr, size: u16) -> fmt::Result {
    f.write_str(word)?;
    decimal(f, pid.0)?;
    f.write_str(" 0x")?;
    hex_digits(f, addr.0)?;
    if size == 1 {
        return Ok(());
    }
    f.write_str(" ")?;
    decimal(f, size)?;
    f.write_str("B")
}

fn value(f: &mut impl fmt::Write, value: Option<u64>) -> fmt::Result {
    match value {
        None => Ok(()),
        Some(value) => {
            f.write_str(" =")?;
            decimal(f, value)
        }
    }
}

fn decimal(f: &mut impl fmt::Write, number: impl itoa::Integer) -> fmt::Result {
    f.write_str(itoa::Buffer::new().format(number))
}

fn hex_digits(f: &mut impl fmt::Write, mut number: u64) -> fmt::Result {
    let mut digits = [b'0'; 16];
    let mut first = digits.len() - 1;
    while number > 0xf {
        digits[first] = digit(number);
        (first, number) = (first - 1, number >> 4);
    }
    digits[first] = digit(number);
    let digits = str::from_utf8(&digits[first..]);
    f.write_str(digits.expect("digits are text"))
}

fn digit(number: u64) -> u8 {
    b"0123456789abcdef"[(number & 0xf) as usize]
}

fn mapping(f: &mut impl fmt::Write, map: &Mapping, names: &Names) -> fmt::Result {
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

fn file_part(f: &mut impl fmt::Write, file: FileId, offset: u64, names: &Names) -> fmt::Result {
    file_name(f, file, names)?;
    match offset {
        0 => Ok(()),
        _ => write!(f, "+{offset:#x}"),
    }
}

fn file_name(f: &mut impl fmt::Write, file: FileId, names: &Names) -> fmt::Result {
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
