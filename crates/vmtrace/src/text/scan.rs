//! Cuts a line into words and reads what each must be.

use std::str;

use vmsim::addr::{CpuId, Pid, VirtAddr};
use vmsim::prot::Prot;

use crate::error::{Found, Help, Problem, Wanted};
use crate::limits::ACCESS_SIZE_MAX;
use crate::text::nearest::nearest;
use crate::text::number::{self, NumberError};
use crate::text::words;
use crate::valid::value_mask;

/// A wrong word is shown up to this length.
const SHOWN_MAX: usize = 40;

/// What is wrong with a line, and at which of its bytes, from 0.
#[derive(Debug)]
pub(crate) struct Mistake {
    pub(crate) at: usize,
    pub(crate) problem: Box<Problem>,
}

/// What is left to read of a line.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    line: &'a [u8],
    at: usize,
}

/// A word and where it stands; empty at the end of the line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<'a> {
    pub(crate) text: &'a [u8],
    at: usize,
    /// Whether it was a part of a longer word.
    is_part: bool,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(line: &'a [u8]) -> Self {
        Self { line, at: 0 }
    }

    /// Takes the next word. Without one, nothing is taken, and the empty word
    /// stands where the missing one could have been written.
    #[inline]
    pub(crate) fn word(&mut self) -> Word<'a> {
        let start = self.next_start();
        let rest = &self.line[start..];
        let len = rest
            .iter()
            .position(|&byte| ends_word(byte))
            .unwrap_or(rest.len());
        let text = &rest[..len];
        let at = if len == 0 { self.at } else { start };
        self.at = at + len;
        Word {
            text,
            at,
            is_part: false,
        }
    }

    /// Takes the next word if its first byte is as wanted.
    #[inline]
    pub(crate) fn word_if(&mut self, wanted: impl Fn(u8) -> bool) -> Option<Word<'a>> {
        match self.line.get(self.next_start()) {
            Some(&byte) if !ends_word(byte) && wanted(byte) => Some(self.word()),
            _ => None,
        }
    }

    /// Reads `@CPU`, if it is there, and demands the end of the line.
    #[inline]
    pub(crate) fn finish(&mut self, cpus: u8) -> Result<CpuId, Mistake> {
        let cpu = match self.word_if(|byte| byte == b'@') {
            Some(word) => word.cpu(cpus)?,
            None => CpuId(0),
        };
        let word = self.word();
        match word.text {
            [] => Ok(cpu),
            _ => Err(word.expected(Wanted::LineEnd)),
        }
    }

    /// The comment behind the last word, without its `#`.
    #[inline]
    pub(crate) fn comment(&self) -> Result<Option<&'a str>, Mistake> {
        let Some(start) = self.line[self.at..].iter().position(|&byte| byte == b'#') else {
            return Ok(None);
        };
        let at = self.at + start + 1;
        text(&self.line[at..], at).map(Some)
    }

    #[inline]
    fn next_start(&self) -> usize {
        let blanks = self.line[self.at..]
            .iter()
            .take_while(|&&byte| is_blank(byte));
        self.at + blanks.count()
    }
}

impl<'a> Word<'a> {
    pub(crate) fn is_empty(self) -> bool {
        self.text.is_empty()
    }

    /// Reads a word of a table.
    #[inline]
    pub(crate) fn one_of<T: Copy>(
        self,
        table: &[(&'static str, T)],
        wanted: Wanted,
    ) -> Result<T, Mistake> {
        words::meaning(table, self.text).ok_or_else(|| {
            match nearest(self.text, table.iter().map(|(word, _)| *word)) {
                Some(word) => self.expected_with(wanted, Help::Nearest(word)),
                None => self.expected(wanted),
            }
        })
    }

    #[inline]
    pub(crate) fn pid(self) -> Result<Pid, Mistake> {
        match self.number(Wanted::Pid, number::decimal(self.text))? {
            0 => Err(self.expected(Wanted::Pid)),
            pid => match u32::try_from(pid) {
                Ok(pid) => Ok(Pid(pid)),
                Err(_) => Err(self.too_large(Wanted::Pid, u32::BITS)),
            },
        }
    }

    #[inline]
    pub(crate) fn address(self) -> Result<VirtAddr, Mistake> {
        self.number(Wanted::Address, number::prefixed_hex(self.text))
            .map(VirtAddr)
    }

    #[inline]
    pub(crate) fn size(self) -> Result<u64, Mistake> {
        self.number(Wanted::Size, number::size(self.text))
    }

    /// Reads the size of an access, as in `8B`.
    pub(crate) fn access_size(self) -> Result<u16, Mistake> {
        let digits = self.text.strip_suffix(b"B").unwrap_or(b"");
        match number::decimal(digits) {
            Ok(size) if (1..=u64::from(ACCESS_SIZE_MAX)).contains(&size) => Ok(size as u16),
            _ => Err(self.expected(Wanted::AccessSize)),
        }
    }

    /// Reads the value of an access, as in `=7`.
    pub(crate) fn value(self, size: u16) -> Result<u64, Mistake> {
        let value = self.number(Wanted::Value, number::either(&self.text[1..]))?;
        match value & !value_mask(size) {
            0 => Ok(value),
            _ => Err(self.mistake(Problem::ValueTooWide {
                size,
                found: self.found(),
            })),
        }
    }

    pub(crate) fn prot(self) -> Result<Prot, Mistake> {
        if self.text == b"none" {
            return Ok(Prot::NONE);
        }
        let mut prot = Prot::NONE;
        for letter in self.text {
            let union = prot.union(letter_prot(*letter));
            if union == prot {
                return Err(self.expected(Wanted::Prot));
            }
            prot = union;
        }
        match prot.is_none() {
            true => Err(self.expected(Wanted::Prot)),
            false => Ok(prot),
        }
    }

    fn cpu(self, cpus: u8) -> Result<CpuId, Mistake> {
        match self.number(Wanted::Cpu, number::decimal(&self.text[1..]))? {
            cpu if cpu < u64::from(cpus) => Ok(CpuId(cpu as u8)),
            _ => Err(self.mistake(Problem::NoSuchCpu {
                cpus,
                found: self.found(),
            })),
        }
    }

    /// Cuts the word at the first such byte; the second half starts behind it.
    pub(crate) fn split(self, separator: u8) -> (Word<'a>, Option<Word<'a>>) {
        let Some(len) = self.text.iter().position(|&byte| byte == separator) else {
            return (self, None);
        };
        let part = |from: usize, to: usize| Word {
            text: &self.text[from..to],
            at: self.at + from,
            is_part: true,
        };
        (part(0, len), Some(part(len + 1, self.text.len())))
    }

    #[inline]
    pub(crate) fn number(
        self,
        wanted: Wanted,
        read: Result<u64, NumberError>,
    ) -> Result<u64, Mistake> {
        read.map_err(|error| match error {
            NumberError::Malformed => self.expected(wanted),
            NumberError::TooLarge => self.too_large(wanted, u64::BITS),
        })
    }

    #[cold]
    pub(crate) fn too_large(self, wanted: Wanted, bits: u32) -> Mistake {
        self.mistake(Problem::TooLarge {
            wanted,
            bits,
            found: self.found(),
        })
    }

    #[cold]
    pub(crate) fn expected(self, wanted: Wanted) -> Mistake {
        self.expected_with(wanted, Help::Rule)
    }

    #[cold]
    fn expected_with(self, wanted: Wanted, help: Help) -> Mistake {
        self.mistake(Problem::Expected {
            wanted,
            found: self.found(),
            help,
        })
    }

    /// The mistake that this word is; if it is no text at all, that is worse.
    #[cold]
    pub(crate) fn mistake(self, problem: Problem) -> Mistake {
        match text(self.text, self.at) {
            Ok(_) => Mistake {
                at: self.at,
                problem: Box::new(problem),
            },
            Err(mistake) => mistake,
        }
    }

    /// The word as a message shows it.
    pub(crate) fn found(self) -> Found {
        match (self.text, self.is_part) {
            ([], true) => return Found::Nothing,
            ([], false) => return Found::LineEnd,
            _ => {}
        }
        let shown = String::from_utf8_lossy(self.text);
        let mut shown: String = shown.escape_debug().take(SHOWN_MAX + 1).collect();
        if shown.chars().count() > SHOWN_MAX {
            shown.pop();
            shown.push('…');
        }
        Found::Word(shown.into())
    }
}

/// Bytes as text, if they are; else the first that is none.
fn text(bytes: &[u8], at: usize) -> Result<&str, Mistake> {
    let nul = memchr::memchr(0, bytes);
    let text = str::from_utf8(&bytes[..nul.unwrap_or(bytes.len())]).map_err(|error| {
        let bad = error.valid_up_to();
        Mistake {
            at: at + bad,
            problem: Box::new(Problem::NotUtf8(bytes[bad])),
        }
    })?;
    match nul {
        Some(nul) => Err(Mistake {
            at: at + nul,
            problem: Box::new(Problem::Nul),
        }),
        None => Ok(text),
    }
}

fn letter_prot(letter: u8) -> Prot {
    match letter {
        b'r' => Prot::READ,
        b'w' => Prot::WRITE,
        b'x' => Prot::EXEC,
        _ => Prot::NONE,
    }
}

#[inline]
fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

#[inline]
fn ends_word(byte: u8) -> bool {
    is_blank(byte) || byte == b'#'
}
