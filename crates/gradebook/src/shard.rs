//! A part of a class, for one of several machines.

use std::fmt;
use std::str::FromStr;

use roster::student::StudentId;
use sha2::{Digest, Sha256};

/// One of several parts, from 1: `3/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: u32,
    of: u32,
}

/// What is said of a part that there is none of.
#[derive(Debug, thiserror::Error)]
#[error("a shard is K/N, with K from 1 to N: 3/8 is the third of eight")]
pub struct NoShard;

impl Shard {
    /// The part of this number, from 1.
    ///
    /// # Errors
    ///
    /// If there are not so many.
    pub fn new(number: u32, of: u32) -> Result<Self, NoShard> {
        match (1..=of).contains(&number) {
            true => Ok(Self { number, of }),
            false => Err(NoShard),
        }
    }

    /// Which one, from 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// How many there are.
    pub fn of(self) -> u32 {
        self.of
    }

    /// Whether a student is in it. That follows from the student and the number of parts
    /// alone, so that all attempts of one are in the same part, and a latecomer moves nobody
    /// to another machine.
    pub fn has(self, student: &StudentId) -> bool {
        let hash: [u8; 32] = Sha256::digest(student.0.as_bytes()).into();
        let first = hash[..8]
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        first % u64::from(self.of) == u64::from(self.number - 1)
    }
}

impl FromStr for Shard {
    type Err = NoShard;

    fn from_str(text: &str) -> Result<Self, NoShard> {
        let (number, of) = text.split_once('/').ok_or(NoShard)?;
        let parsed = |text: &str| text.parse().map_err(|_| NoShard);
        Self::new(parsed(number)?, parsed(of)?)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}
