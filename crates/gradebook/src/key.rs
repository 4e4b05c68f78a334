//! What a result depends on.
//!
//! Two gradings with the same [`Conditions`] and the same sources come to the same result,
//! so that one of them need not be made.

use std::fmt;

/// All that a result depends on besides the sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditions {
    /// What is asked.
    pub key_set: KeySet,
    /// What compiles.
    pub toolchain: Toolchain,
    /// What decides.
    pub policy: Policy,
    /// The most that a submission can get; it follows from the others.
    pub max: f64,
}

/// The hash of all traces and answer keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeySet(pub(crate) String);

/// The compiler, in its own words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Toolchain(pub(crate) String);

/// The hash of all that decides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Policy(pub(crate) String);

impl KeySet {
    /// The one with this hash; none if that is no hash.
    pub fn from_digits(digits: &str) -> Option<Self> {
        is_hash(digits).then(|| Self(digits.to_owned()))
    }
}

impl Policy {
    /// The one with this hash; none if that is no hash.
    pub fn from_digits(digits: &str) -> Option<Self> {
        is_hash(digits).then(|| Self(digits.to_owned()))
    }
}

impl Toolchain {
    /// The one that says this of itself.
    pub fn said(words: &str) -> Self {
        Self(words.trim().to_owned())
    }
}

fn is_hash(digits: &str) -> bool {
    digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl fmt::Display for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
