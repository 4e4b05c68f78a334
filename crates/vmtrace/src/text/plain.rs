//! The plainest lines, at nearly the speed of a scanner that knows no others.
//!
//! Nearly all lines of a long trace are accesses, written as the printer writes them:
//! words with one blank between, no comment, an end. They are read here, eight bytes
//! at a time, and without looking for their end first. All others are left alone,
//! wrong ones above all: [`statement`](super::statement) says what the language is, and
//! what is read here is what it would have read.

use vmsim::addr::{CpuId, Pid, VirtAddr};
use vmsim::event::UserAccess;
use vmsim::fault::Access;

use crate::limits::ACCESS_SIZE_MAX;
use crate::plain::Plain;
use crate::valid::value_mask;

/// So many decimal digits always fit into a process number.
const PID_DIGITS: usize = 9;

/// The digits of [`ACCESS_SIZE_MAX`].
const SIZE_DIGITS: usize = 4;

/// So many decimal digits always fit into a value.
const VALUE_DIGITS: usize = 19;

/// Eight bytes that are 1.
const ONES: u64 = u64::from_ne_bytes([1; 8]);

/// What stands between a process number and the digits of an address.
const ADDRESS_START: u32 = u32::from_le_bytes(*b" 0x\0");

/// A line that ends behind its address.
const NO_REST: Rest = Rest {
    size: 1,
    value: None,
    cpu: CpuId(0),
};

/// A verb and the blank behind it, as the first bytes of a line.
#[derive(Clone, Copy)]
struct Start {
    bytes: u64,
    mask: u64,
    len: usize,
    verb: Access,
}

/// Each start at its [`place`]. An empty place has a start that no line has.
const STARTS: [Start; 16] = starts();

/// So many bytes have nearly every line in them, and are asked for once.
const WINDOW: usize = 64;

/// What is ahead in a file, and what of it is read.
#[derive(Clone, Copy)]
struct Ahead<'a> {
    bytes: &'a [u8; WINDOW],
    at: usize,
}

/// What may stand behind the address.
#[derive(Clone, Copy)]
struct Rest {
    size: u16,
    value: Option<u64>,
    cpu: CpuId,
}

/// Lines that lie in a reader's buffer.
pub struct Lines<'a> {
    bytes: &'a [u8],
    cpus: u8,
    /// How many bytes were read.
    at: usize,
    number: u64,
}

impl<'a> Lines<'a> {
    /// Lines of a trace of so many CPUs, after so many lines.
    pub(crate) fn new(bytes: &'a [u8], cpus: u8, before: u64) -> Self {
        Self {
            bytes,
            cpus,
            at: 0,
            number: before,
        }
    }

    /// How many bytes were read.
    pub(crate) fn len(&self) -> usize {
        self.at
    }
}

impl Iterator for Lines<'_> {
    type Item = UserAccess;

    #[inline(always)]
    fn next(&mut self) -> Option<UserAccess> {
        let (access, len) = access(&self.bytes[self.at..], self.cpus)?;
        self.at += len;
        self.number += 1;
        Some(access)
    }
}

impl Plain for Lines<'_> {
    #[inline]
    fn number(&self) -> u64 {
        self.number
    }
}

/// Reads the line at the start of `bytes`, if it is a plain one and is there as a
/// whole, with some bytes behind it. Returns its length as well, its end included.
#[inline(always)]
fn access(bytes: &[u8], cpus: u8) -> Option<(UserAccess, usize)> {
    let bytes = bytes.first_chunk()?;
    let line = Ahead { bytes, at: 0 };
    let (kind, line) = line.verb()?;
    let (pid, line) = line.pid()?;
    let (addr, line) = line.address()?;
    let (Rest { size, value, cpu }, line) = match line.peek(0)? {
        b'\n' => (NO_REST, line.past(1)),
        _ => line.rest(kind, cpus)?,
    };
    let access = UserAccess {
        cpu,
        pid,
        addr,
        size,
        kind,
        value,
    };
    Some((access, line.at))
}

/// Something that was read, and what is ahead behind it; nothing if it is written in
/// another way, or wrong, or goes on behind the buffer.
type Read<'a, T> = Option<(T, Ahead<'a>)>;

impl<'a> Ahead<'a> {
    #[inline(always)]
    fn verb(self) -> Read<'a, Access> {
        let word = self.word()?;
        let start = &STARTS[place(word)];
        let is_there = word & start.mask == start.bytes;
        is_there.then_some((start.verb, self.past(start.len)))
    }

    /// Reads a process number and ` 0x`, most often four bytes.
    #[inline(always)]
    fn pid(self) -> Read<'a, Pid> {
        let word = self.word()?;
        let digit = (word as u8).wrapping_sub(b'0');
        let is_short = (1..=9).contains(&digit) && word as u32 >> 8 == ADDRESS_START;
        match is_short {
            true => Some((Pid(digit.into()), self.past(4))),
            false => self.long_pid(),
        }
    }

    #[inline(never)]
    fn long_pid(self) -> Read<'a, Pid> {
        let (pid, line) = self.decimal(PID_DIGITS)?;
        let line = line.behind(b' ')?.behind(b'0')?.behind(b'x')?;
        (pid != 0).then_some((Pid(pid as u32), line))
    }

    /// Reads 1 to 16 hex digits. If there are more, whoever reads on finds one.
    #[inline(always)]
    fn address(self) -> Read<'a, VirtAddr> {
        let (mut number, len) = hex(self.word()?);
        let mut line = self.past(len);
        if len == 8 && line.peek(0)? > b' ' {
            let (low, len) = hex(line.word()?);
            number = number << (4 * len) | low;
            line = line.past(len);
        }
        (len > 0).then_some((VirtAddr(number), line))
    }

    /// Reads what may stand behind the address, and the end of the line.
    #[inline(never)]
    fn rest(self, verb: Access, cpus: u8) -> Read<'a, Rest> {
        let (size, line) = match verb {
            Access::Exec => (1, self),
            Access::Read | Access::Write => self.size()?,
        };
        let (value, line) = match verb {
            Access::Write => line.value(size)?,
            Access::Read | Access::Exec => (None, line),
        };
        let (cpu, line) = line.cpu(cpus)?;
        let line = line.behind(b'\r').unwrap_or(line).behind(b'\n')?;
        Some((Rest { size, value, cpu }, line))
    }

    /// Reads ` 8B`, if it is there.
    fn size(self) -> Read<'a, u16> {
        if !self.peek(1)?.is_ascii_digit() {
            return Some((1, self));
        }
        let (size, line) = self.behind(b' ')?.decimal(SIZE_DIGITS)?;
        let is_size = (1..=u64::from(ACCESS_SIZE_MAX)).contains(&size);
        is_size.then_some((size as u16, line.behind(b'B')?))
    }

    /// Reads ` =7` or ` =0x7`, if it is there.
    fn value(self, size: u16) -> Read<'a, Option<u64>> {
        if self.peek(1)? != b'=' {
            return Some((None, self));
        }
        let line = self.behind(b' ')?.past(1);
        let (value, line) = match line.peek(1)? {
            b'x' => {
                let (number, line) = line.behind(b'0')?.past(1).address()?;
                (number.0, line)
            }
            _ => line.decimal(VALUE_DIGITS)?,
        };
        let fits = value & !value_mask(size) == 0;
        fits.then_some((Some(value), line))
    }

    /// Reads ` @1`, if it is there.
    fn cpu(self, cpus: u8) -> Read<'a, CpuId> {
        if self.peek(1) != Some(b'@') {
            return Some((CpuId(0), self));
        }
        let (cpu, line) = self.behind(b' ')?.past(1).decimal(1)?;
        (cpu < u64::from(cpus)).then_some((CpuId(cpu as u8), line))
    }

    /// Reads decimal digits up to something else: at least one, at most `digits`.
    fn decimal(self, digits: usize) -> Read<'a, u64> {
        let (mut number, mut line) = (0_u64, self);
        while let Some(byte) = line.peek(0)
            && byte.is_ascii_digit()
        {
            number = number.wrapping_mul(10).wrapping_add((byte - b'0').into());
            line = line.past(1);
        }
        let is_known = (1..=digits).contains(&(line.at - self.at));
        is_known.then_some((number, line))
    }

    fn behind(self, byte: u8) -> Option<Self> {
        (self.peek(0)? == byte).then_some(self.past(1))
    }

    #[inline(always)]
    fn past(self, len: usize) -> Self {
        Self {
            at: self.at + len,
            ..self
        }
    }

    #[inline(always)]
    fn peek(self, distance: usize) -> Option<u8> {
        self.bytes.get(self.at + distance).copied()
    }

    /// The next eight bytes, the first one lowest.
    #[inline(always)]
    fn word(self) -> Option<u64> {
        let bytes = self.bytes.get(self.at..)?.first_chunk()?;
        Some(u64::from_le_bytes(*bytes))
    }
}

/// Where a start stands in [`STARTS`]: the first letter of a verb tells three bits, and
/// whether there is a second one tells the fourth.
const fn place(word: u64) -> usize {
    (word & 7 | (word >> 8 & 0x40) >> 3) as usize
}

const fn starts() -> [Start; 16] {
    let words: [(&[u8], Access); 6] = [
        (b"read ", Access::Read),
        (b"write ", Access::Write),
        (b"exec ", Access::Exec),
        (b"r ", Access::Read),
        (b"w ", Access::Write),
        (b"x ", Access::Exec),
    ];
    let no_line = Start {
        bytes: 1,
        mask: 0,
        len: 0,
        verb: Access::Read,
    };
    let mut starts = [no_line; 16];
    let mut number = 0;
    while number < words.len() {
        let start = start(words[number].0, words[number].1);
        assert!(starts[place(start.bytes)].len == 0, "a place for each");
        starts[place(start.bytes)] = start;
        number += 1;
    }
    starts
}

const fn start(text: &[u8], verb: Access) -> Start {
    let (mut bytes, mut len) = (0, 0);
    while len < text.len() {
        bytes |= (text[len] as u64) << (8 * len);
        len += 1;
    }
    Start {
        bytes,
        mask: (1 << (8 * len)) - 1,
        len,
        verb,
    }
}

/// The hex digits that eight bytes start with, as a number, and how many they are.
///
/// All bytes are looked at at once. Eight digits in lower case are the commonest, and are
/// known by what they would be written as.
#[inline(always)]
fn hex(word: u64) -> (u64, usize) {
    let digits = nibbles(word);
    let is_letter = (digits + 6 * ONES) >> 4 & ONES;
    let as_written = digits + u64::from(b'0') * ONES + u64::from(b'a' - b'9' - 1) * is_letter;
    let too_high = digits & (0xf0 * ONES);
    match (as_written ^ word) | too_high {
        0 => (joined(digits), 8),
        _ => some_hex(word),
    }
}

/// The same for fewer digits, or some in upper case: without their highest bits, nothing
/// that is added to one byte carries over into the next.
#[inline(always)]
fn some_hex(word: u64) -> (u64, usize) {
    let low = word & (0x7f * ONES);
    let is_digit = at_least(low, b'0') & !at_least(low, b'9' + 1);
    let lower = low | (0x20 * ONES);
    let is_letter = at_least(lower, b'a') & !at_least(lower, b'f' + 1);
    let is_none = !(is_digit | is_letter) | word;
    let len = (is_none & (0x80 * ONES)).trailing_zeros() / 8;

    // The last digit goes to the highest byte, and zeroes stand before the first.
    let digits = nibbles(word).unbounded_shl(64 - 8 * len);
    (joined(digits), len as usize)
}

/// What each byte stands for, if it is a hex digit.
#[inline(always)]
const fn nibbles(word: u64) -> u64 {
    (word & (0xf * ONES)) + 9 * (word >> 6 & ONES)
}

/// The number whose hex digits eight bytes are, the highest one in the lowest byte.
#[inline(always)]
const fn joined(digits: u64) -> u64 {
    let number = (digits << 4 | digits >> 8) & 0x00ff_00ff_00ff_00ff;
    let number = (number << 8 | number >> 16) & 0x0000_ffff_0000_ffff;
    (number << 16 | number >> 32) & 0xffff_ffff
}

/// The highest bit of each byte that is not below `first`; both are ASCII.
#[inline]
const fn at_least(bytes: u64, first: u8) -> u64 {
    bytes + (0x80 - first as u64) * ONES
}
