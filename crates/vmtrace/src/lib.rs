//! The trace language: what happens to the machine of `vmsim`, one event a line.
//!
//! A trace comes as text, which people write, or in a binary form, which holds
//! the same in less than half the space. [`open::open`] reads either, event by event, and
//! never needs more memory than a line and the names of the files.
//!
//! The modules, in reading order:
//!
//! What a trace may say
//! - [`limits`]: how much is too much
//! - [`names`]: the files of a trace
//! - [`machine`]: the keys of the `machine` line
//! - [`valid`]: which events can be written down at all
//!
//! How it is written
//! - [`text`]: the text form, read and written
//! - [`binary`]: the binary form, read and written
//! - [`open`]: either of them, whichever a file holds
//! - [`plain`]: the same of events of which there are millions
//! - [`error`]: what can be wrong with a file, and where
//!
//! Where it comes from
//! - [`generate`]: random traces
//! - [`shrink`]: the fewest events that still show something

pub mod limits;
pub mod machine;
pub mod names;
pub mod valid;

pub mod binary;
pub mod error;
pub mod open;
pub mod plain;
pub mod text;

pub mod generate;
pub mod shrink;

use vmsim::event::Event;

/// An event and where it stands in its trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line of a text, or the record of a binary trace, from 1.
    pub number: u64,
    /// What happens.
    pub event: Event,
}
