//! What can be wrong with a binary trace.

use crate::valid::Invalid;

/// A damaged binary trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset}: {damage}\nhelp: {}", .damage.remedy())]
pub struct BinaryError {
    /// The byte that is wrong, or the end of the record that is, from 0.
    pub offset: u64,
    /// What is wrong.
    pub damage: Damage,
}

/// What is wrong with a binary trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// Not a trace at all.
    #[error("expected a binary trace, found something else")]
    Magic,
    /// A version that this program does not know.
    #[error("expected version 1 or 2, found version {0}")]
    Version(u8),
    /// The file ends within a record, or without its end mark.
    #[error("expected more, found the end of the file")]
    Truncated,
    /// No event has this kind.
    #[error("expected a kind of event, found `{0:#04x}`")]
    Kind(u8),
    /// A number that does not fit where it belongs.
    #[error("expected a number of at most {bits} bits, found a larger one")]
    Number {
        /// How wide it may be.
        bits: u32,
    },
    /// A byte that stands for nothing.
    #[error("expected one of few codes, found `{0:#04x}`")]
    Code(u8),
    /// A word that is no access.
    #[error("expected an access in a word, found `{0:#018x}`")]
    Word(u64),
    /// An event, or a machine, that no trace can have.
    #[error("expected an event that a trace can have, found {0}")]
    Invalid(Invalid),
    /// The end mark counts another number of events.
    #[error("expected {found} events, found {wanted} in the end mark")]
    Count {
        /// What the end mark says.
        wanted: u64,
        /// How many there were.
        found: u64,
    },
    /// Bytes after the end mark.
    #[error("expected the end of the file, found more")]
    Trailing,
}

impl Damage {
    /// What to do about it.
    pub const fn remedy(self) -> &'static str {
        match self {
            Damage::Magic => "is this the right file?",
            Damage::Version(_) => "convert the trace with the program that wrote it, via text",
            Damage::Truncated => "copy or record the trace again; its end is missing",
            _ => "copy or record the trace again; it was changed on the way",
        }
    }
}
