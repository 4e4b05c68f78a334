//! A plain access in one word, or with a value in two.
//!
//! ```text
//! bits 0 to 47: the address, of which bit 47 stands for all above
//! bits 48 to 59: its size less 1     60 and 61: 0 read, 1 write, 2 exec
//! bit 62: the next word is the value that is written     63: 0
//! ```
//!
//! Nearly all events of a long trace are accesses of the same process on the same CPU as
//! the one before. As words they take up to three times the room of numbers that are as long
//! as what they say, and are read in a fifth of the time, because no processor can guess
//! how long the next number is. Values are written down by people, not recorded: they need
//! not be fast.

use std::slice;

use vmsim::addr::{CpuId, Pid, VirtAddr};
use vmsim::event::UserAccess;
use vmsim::fault::Access;

use crate::limits::ACCESS_SIZE_MAX;
use crate::plain::Plain;

/// Eight bytes, the lowest first.
pub(crate) type Word = [u8; 8];

const ADDR_BITS: u32 = 48;
const SIZE_BITS: u32 = ACCESS_SIZE_MAX.ilog2();
const KIND_AT: u32 = ADDR_BITS + SIZE_BITS;
const HAS_VALUE: u64 = 1 << 62;

/// What the highest bits of a word tell, and which bits must be clear then: a look-up,
/// because no processor can guess the kind of the next access.
const KINDS: [(Access, u64); 1 << (u64::BITS - KIND_AT)] = {
    let mut kinds = [(Access::Read, u64::MAX); 16];
    kinds[0] = (Access::Read, 0);
    kinds[1] = (Access::Write, 0);
    // An instruction is fetched by its first byte.
    kinds[2] = (Access::Exec, (1 << KIND_AT) - (1 << ADDR_BITS));
    kinds
};

/// Words that lie in a reader's buffer.
pub struct Words<'a> {
    words: slice::Iter<'a, Word>,
    cpu: CpuId,
    pid: Pid,
    /// The number of the last one.
    end: u64,
}

impl<'a> Words<'a> {
    /// Words of accesses of a process on a CPU, after so many events.
    pub(crate) fn new(words: &'a [Word], cpu: CpuId, pid: Pid, before: u64) -> Self {
        Self {
            words: words.iter(),
            cpu,
            pid,
            end: before + words.len() as u64,
        }
    }
}

impl Iterator for Words<'_> {
    type Item = UserAccess;

    #[inline(always)]
    fn next(&mut self) -> Option<UserAccess> {
        let mut rest = self.words.clone();
        let access = access(*rest.next()?, self.cpu, self.pid)?;
        self.words = rest;
        Some(access)
    }
}

impl Plain for Words<'_> {
    #[inline]
    fn number(&self) -> u64 {
        self.end - self.words.len() as u64
    }
}

/// The words of an access, if it has an address that hardware can have.
pub(crate) fn of(access: &UserAccess) -> Option<(Word, Option<Word>)> {
    let addr = access.addr.0 << (u64::BITS - ADDR_BITS) >> (u64::BITS - ADDR_BITS);
    if extended(addr) != access.addr {
        return None;
    }
    let kind = match access.kind {
        Access::Read => 0,
        Access::Write => 1,
        Access::Exec => 2,
    };
    let has_value = access.value.map_or(0, |_| HAS_VALUE);
    let size = u64::from(access.size - 1);
    let word = addr | size << ADDR_BITS | kind << KIND_AT | has_value;
    Some((word.to_le_bytes(), access.value.map(u64::to_le_bytes)))
}

/// Whether a value follows, and the word without that.
pub(crate) fn split_value(word: Word) -> (bool, Word) {
    let word = u64::from_le_bytes(word);
    (word & HAS_VALUE != 0, (word & !HAS_VALUE).to_le_bytes())
}

/// The access of a word, if it is one, and no value follows.
#[inline(always)]
pub(crate) fn access(word: Word, cpu: CpuId, pid: Pid) -> Option<UserAccess> {
    let word = u64::from_le_bytes(word);
    let (kind, wrong) = KINDS[(word >> KIND_AT) as usize];
    if word & wrong != 0 {
        return None;
    }
    Some(UserAccess {
        cpu,
        pid,
        addr: extended(word),
        size: (word >> ADDR_BITS) as u16 % ACCESS_SIZE_MAX + 1,
        kind,
        value: None,
    })
}

/// The address whose lower bits these are.
#[inline(always)]
const fn extended(bits: u64) -> VirtAddr {
    let spare = u64::BITS - ADDR_BITS;
    VirtAddr(((bits << spare) as i64 >> spare) as u64)
}
