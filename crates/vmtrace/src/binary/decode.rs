//! Reads a binary trace.

use std::io::BufRead;

use vmsim::addr::{CpuId, FileId, Pid, VirtAddr};
use vmsim::event::{Config, Event, Op, Source};
use vmsim::fault::Access;

use crate::Line;
use crate::binary::error::Damage;
use crate::binary::kind;
use crate::binary::source::ByteSource;
use crate::binary::word::{self, Word, Words};
use crate::error::ReadError;
use crate::limits::NAME_LEN_MAX;
use crate::machine::KEYS;
use crate::names::{NameError, Names};
use crate::plain::Plain;
use crate::valid::{Invalid, check_event};

/// The events of a binary trace; their line numbers count them.
///
/// After an error there is nothing more, because nobody knows where the next
/// record starts.
#[derive(Debug)]
pub struct Decoder<R> {
    bytes: ByteSource<R>,
    config: Config,
    names: Names,
    count: u64,
    ended: bool,
    cpu: CpuId,
    pid: Pid,
    addr: VirtAddr,
    /// So many words follow, of accesses of `pid` on `cpu`.
    words: u64,
}

impl<R: BufRead> Decoder<R> {
    /// Reads what stands before the first record.
    pub fn new(reader: R) -> Result<Self, ReadError> {
        let mut bytes = ByteSource::new(reader);
        magic(&mut bytes)?;
        Ok(Self {
            config: config(&mut bytes)?,
            bytes,
            names: Names::default(),
            count: 0,
            ended: false,
            cpu: CpuId(0),
            pid: Pid(1),
            addr: VirtAddr(0),
            words: 0,
        })
    }

    /// The machine that the trace runs on.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The files named so far.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Hands on the plain accesses that come next and have no value, as far as the reader's
    /// buffer holds them: for whoever reads millions of them. [`next`](Iterator::next) gives
    /// whatever was not taken.
    ///
    /// # Errors
    ///
    /// If the reader fails.
    #[inline(always)]
    pub fn plain<T>(&mut self, take: impl FnOnce(&mut Words<'_>) -> T) -> Result<T, ReadError> {
        let (cpu, pid, count) = (self.cpu, self.pid, self.count);
        let bytes = match self.words {
            0 => &[],
            _ => self
                .bytes
                .ahead()
                .inspect_err(|_| (self.ended, self.words) = (true, 0))?,
        };
        let (words, _) = bytes.as_chunks();
        let here = usize::try_from(self.words).unwrap_or(usize::MAX);
        let mut words = Words::new(&words[..here.min(words.len())], cpu, pid, count);
        let taken = take(&mut words);
        let read = words.number() - count;
        self.bytes.skip(size_of::<Word>() * read as usize);
        self.words -= read;
        self.count += read;
        Ok(taken)
    }

    /// Gives the next event, whatever its record looks like.
    #[inline(never)]
    fn next_of_any(&mut self) -> Option<Result<Line, ReadError>> {
        if self.ended {
            return None;
        }
        let record = self.record();
        if !matches!(record, Ok(Some(_))) {
            (self.ended, self.words) = (true, 0);
        }
        let event = record.transpose()?;
        Some(event.map(|event| Line {
            number: self.count,
            event,
        }))
    }

    /// Reads a record, a word, or the end.
    fn record(&mut self) -> Result<Option<Event>, ReadError> {
        let event = match self.words {
            0 => match self.bytes.byte()? {
                kind::END => return self.end().map(|()| None),
                tag => self.event(tag)?,
            },
            _ => self.word()?,
        };
        let valid = check_event(&event, &self.config, &self.names);
        valid.map_err(|invalid| self.bytes.damage(Damage::Invalid(invalid)))?;
        if let Op::File { name, .. } = &event.op {
            self.names.add(name).expect("the event is valid");
        }
        self.count += 1;
        Ok(Some(event))
    }

    fn event(&mut self, tag: u8) -> Result<Event, ReadError> {
        if tag & kind::HAS_CPU != 0 {
            self.cpu = CpuId(self.bytes.byte()?);
        }
        if tag & kind::HAS_PID != 0 {
            self.pid = Pid(self.bytes.small()?);
        }
        if tag & (kind::KIND_MASK | kind::HAS_SIZE) == kind::WORDS {
            return self.first_word();
        }
        Ok(Event {
            cpu: self.cpu,
            op: self.op(tag)?,
        })
    }

    /// Reads how many words follow, and the first. With it, the CPU and the process of all
    /// are checked.
    fn first_word(&mut self) -> Result<Event, ReadError> {
        self.words = self.bytes.varint()?;
        match self.words {
            0 => Err(self.bytes.damage(Damage::Code(0))),
            _ => self.word(),
        }
    }

    /// Reads an access that is a word, or two.
    fn word(&mut self) -> Result<Event, ReadError> {
        let word = self.bytes.word()?;
        let wrong = Damage::Word(u64::from_le_bytes(word));
        let (has_value, plain) = word::split_value(word);
        let Some(mut access) = word::access(plain, self.cpu, self.pid) else {
            return Err(self.bytes.damage(wrong));
        };
        self.words -= 1;
        if has_value {
            if access.kind != Access::Write || self.words == 0 {
                return Err(self.bytes.damage(wrong));
            }
            access.value = Some(u64::from_le_bytes(self.bytes.word()?));
            self.words -= 1;
        }
        Ok(access.into())
    }

    #[inline]
    fn op(&mut self, tag: u8) -> Result<Op, ReadError> {
        let pid = self.pid;
        match tag & kind::KIND_MASK {
            kind::READ => {
                let (addr, size) = self.access(tag)?;
                Ok(Op::Read { pid, addr, size })
            }
            kind::WRITE => {
                let (addr, size) = self.access(tag)?;
                Ok(Op::Write {
                    pid,
                    addr,
                    size,
                    value: None,
                })
            }
            kind::WRITE_VALUE => {
                let (addr, size) = self.access(tag)?;
                Ok(Op::Write {
                    pid,
                    addr,
                    size,
                    value: Some(self.bytes.varint()?),
                })
            }
            kind::COPY_IN => {
                let (addr, size) = self.access(tag)?;
                Ok(Op::CopyIn { pid, addr, size })
            }
            kind::COPY_OUT => {
                let (addr, size) = self.access(tag)?;
                Ok(Op::CopyOut {
                    pid,
                    addr,
                    size,
                    value: None,
                })
            }
            kind::COPY_OUT_VALUE => {
                let (addr, size) = self.access(tag)?;
                Ok(Op::CopyOut {
                    pid,
                    addr,
                    size,
                    value: Some(self.bytes.varint()?),
                })
            }
            _ if tag & kind::HAS_SIZE != 0 => Err(self.bytes.damage(Damage::Kind(tag))),
            code => self.rare_op(code),
        }
    }

    /// Every event but the accesses that have a size.
    fn rare_op(&mut self, code: u8) -> Result<Op, ReadError> {
        let pid = self.pid;
        match code {
            kind::EXEC => Ok(Op::Exec {
                pid,
                addr: self.step()?,
            }),
            kind::BRK => Ok(Op::Brk {
                pid,
                addr: self.step()?,
            }),
            kind::FORK => Ok(Op::Fork {
                parent: pid,
                child: Pid(self.bytes.small()?),
            }),
            kind::EXIT => Ok(Op::Exit { pid }),
            kind::FILE => self.file(),
            kind::LOAD => self.load(),
            kind::DROP => Ok(Op::Drop {
                file: FileId(self.bytes.small()?),
            }),
            kind::SIGACTION => {
                let (signal, action) = self.bytes.one_of(&kind::SIGNALS)?;
                Ok(Op::Sigaction {
                    pid,
                    signal,
                    action,
                })
            }
            _ => self.range_op(code),
        }
    }

    /// The events about a range of addresses.
    fn range_op(&mut self, code: u8) -> Result<Op, ReadError> {
        if !matches!(code, kind::MMAP..=kind::MADVISE | kind::MSYNC) {
            return Err(self.bytes.damage(Damage::Kind(code)));
        }
        let pid = self.pid;
        let (addr, len) = (self.step()?, self.bytes.varint()?);
        match code {
            kind::MMAP => self.mmap(addr, len),
            kind::MUNMAP => Ok(Op::Munmap { pid, addr, len }),
            kind::MPROTECT => {
                let bits = self.flags(0x07)?;
                Ok(Op::Mprotect {
                    pid,
                    addr,
                    len,
                    prot: kind::prot(bits),
                })
            }
            kind::MADVISE => Ok(Op::Madvise {
                pid,
                addr,
                len,
                advice: self.bytes.one_of(&kind::ADVICES)?,
            }),
            _ => Ok(Op::Msync { pid, addr, len }),
        }
    }

    fn mmap(&mut self, addr: VirtAddr, len: u64) -> Result<Op, ReadError> {
        let bits = self.flags(0x7f)?;
        let source = match bits & kind::OF_FILE {
            0 => Source::Anon,
            _ => Source::File {
                file: FileId(self.bytes.small()?),
                offset: self.bytes.varint()?,
            },
        };
        Ok(Op::Mmap {
            pid: self.pid,
            addr,
            len,
            map: kind::mapping(bits, source),
        })
    }

    fn load(&mut self) -> Result<Op, ReadError> {
        let file = FileId(self.bytes.small()?);
        let offset = self.bytes.varint()?;
        Ok(Op::Load {
            file,
            offset,
            len: self.bytes.varint()?,
        })
    }

    fn file(&mut self) -> Result<Op, ReadError> {
        let name = self.name()?;
        let size = self.bytes.varint()?;
        Ok(Op::File {
            name,
            size,
            cache: self.bytes.one_of(&kind::CACHES)?,
        })
    }

    fn name(&mut self) -> Result<Box<str>, ReadError> {
        let malformed = Damage::Invalid(Invalid::Name(NameError::Malformed));
        // The length is checked before it is believed.
        let len = self.bytes.varint()?;
        if len > NAME_LEN_MAX as u64 {
            return Err(self.bytes.damage(malformed));
        }
        let bytes = (0..len)
            .map(|_| self.bytes.byte())
            .collect::<Result<Vec<_>, _>>()?;
        let name = String::from_utf8(bytes).map_err(|_| self.bytes.damage(malformed))?;
        Ok(name.into())
    }

    #[inline]
    fn access(&mut self, tag: u8) -> Result<(VirtAddr, u16), ReadError> {
        let addr = self.step()?;
        match tag & kind::HAS_SIZE {
            0 => Ok((addr, 1)),
            _ => Ok((addr, self.bytes.small()?)),
        }
    }

    #[inline]
    fn step(&mut self) -> Result<VirtAddr, ReadError> {
        let zigzag = self.bytes.varint()?;
        self.addr = kind::stepped(self.addr, zigzag);
        Ok(self.addr)
    }

    /// Reads a byte that has these bits at most.
    fn flags(&mut self, mask: u8) -> Result<u8, ReadError> {
        match self.bytes.byte()? {
            bits if bits & !mask == 0 => Ok(bits),
            bits => Err(self.bytes.damage(Damage::Code(bits))),
        }
    }

    fn end(&mut self) -> Result<(), ReadError> {
        let wanted = self.bytes.varint()?;
        if wanted != self.count {
            return Err(self.bytes.damage(Damage::Count {
                wanted,
                found: self.count,
            }));
        }
        match self.bytes.byte_or_end()? {
            None => Ok(()),
            Some(_) => Err(self.bytes.damage(Damage::Trailing)),
        }
    }
}

impl<R: BufRead> Iterator for Decoder<R> {
    type Item = Result<Line, ReadError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self.plain(|words| words.next()) {
            Ok(Some(access)) => Some(Ok(Line {
                number: self.count,
                event: access.into(),
            })),
            Ok(None) => self.next_of_any(),
            Err(error) => Some(Err(error)),
        }
    }
}

fn magic(bytes: &mut ByteSource<impl BufRead>) -> Result<(), ReadError> {
    for wanted in kind::MAGIC {
        if bytes.byte()? != wanted {
            return Err(bytes.damage(Damage::Magic));
        }
    }
    match bytes.byte()? {
        1..=kind::VERSION => Ok(()),
        version => Err(bytes.damage(Damage::Version(version))),
    }
}

fn config(bytes: &mut ByteSource<impl BufRead>) -> Result<Config, ReadError> {
    let mut config = Config::default();
    for (word, key) in KEYS {
        let value = bytes.varint()?;
        if !key.allows(value) {
            let invalid = Invalid::Machine { key: word, value };
            return Err(bytes.damage(Damage::Invalid(invalid)));
        }
        key.put(&mut config, value);
    }
    Ok(config)
}
