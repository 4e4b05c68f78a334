//! Writes events in the words of the trace language, as far as these tests
//! need them; the real printer is `vmtrace`'s.

use std::fmt::Write;
use std::io;

use recorder::sink::Sink;
use vmsim::event::{Advice, Cache, Config, Event, Growth, Mapping, Op, Populate, Sharing, Source};

/// The trace so far, as text.
#[derive(Default)]
pub struct Text {
    pub text: String,
    files: Vec<String>,
}

impl Text {
    fn line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.text, "{line}").map_err(io::Error::other)
    }

    fn mapping(&self, map: &Mapping) -> String {
        let sharing = match map.sharing {
            Sharing::Private => "private",
            Sharing::Shared => "shared",
        };
        let source = match map.source {
            Source::Anon => "anon".to_owned(),
            Source::File { file, offset } => format!("{}+{offset:#x}", self.files[file.0 as usize]),
        };
        let populate = if map.populate == Populate::Now {
            " populate"
        } else {
            ""
        };
        let growth = if map.growth == Growth::Down {
            " growsdown"
        } else {
            ""
        };
        format!("{} {sharing} {source}{populate}{growth}", map.prot)
    }
}

impl Sink for Text {
    fn machine(&mut self, config: &Config) -> io::Result<()> {
        let Config {
            frames,
            fault_around,
            heap,
            ..
        } = config;
        self.line(&format!(
            "machine frames={frames} fault-around={fault_around} heap={heap}"
        ))
    }

    fn comment(&mut self, text: &str) -> io::Result<()> {
        self.line(&format!("# {text}"))
    }

    fn event(&mut self, event: &Event) -> io::Result<()> {
        let line = match &event.op {
            Op::File { name, size, cache } => {
                self.files.push(name.to_string());
                let cache = if *cache == Cache::Warm {
                    "warm"
                } else {
                    "cold"
                };
                format!("file {name} {size} {cache}")
            }
            Op::Mmap {
                pid,
                addr,
                len,
                map,
            } => format!("mmap {pid} {addr} {len} {}", self.mapping(map)),
            Op::Munmap { pid, addr, len } => format!("munmap {pid} {addr} {len}"),
            Op::Mprotect {
                pid,
                addr,
                len,
                prot,
            } => format!("mprotect {pid} {addr} {len} {prot}"),
            Op::Madvise {
                pid,
                addr,
                len,
                advice,
            } => {
                format!("madvise {pid} {addr} {len} {}", self::advice(*advice))
            }
            Op::Brk { pid, addr } => format!("brk {pid} {addr}"),
            Op::Fork { parent, child } => format!("fork {parent} {child}"),
            Op::Exit { pid } => format!("exit {pid}"),
            Op::Read { pid, addr, size } => format!("read {pid} {addr} {size}B"),
            Op::Write {
                pid,
                addr,
                size,
                value: None,
            } => format!("write {pid} {addr} {size}B"),
            Op::Exec { pid, addr } => format!("exec {pid} {addr}"),
            Op::CopyIn { pid, addr, size } => format!("copyin {pid} {addr} {size}B"),
            Op::CopyOut {
                pid, addr, size, ..
            } => format!("copyout {pid} {addr} {size}B"),
            Op::Msync { pid, addr, len } => format!("msync {pid} {addr} {len}"),
            other => panic!("the recorder never makes {other:?}"),
        };
        self.line(&line)
    }
}

fn advice(advice: Advice) -> &'static str {
    match advice {
        Advice::DontNeed => "dontneed",
        Advice::PageOut => "pageout",
        Advice::WillNeed => "willneed",
        Advice::PopulateRead => "populate-read",
        Advice::PopulateWrite => "populate-write",
    }
}
