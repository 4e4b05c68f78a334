//! A run within this process: for kernels that are ours.
//!
//! Student code gets a process of its own ([`process`](crate::process)); wrong
//! kernels of the kit panic and loop as badly as a student's, but they are tried by
//! the ten thousand, and mean no harm.

use vmsim::event::Config;
use vmsim::machine::Machine;
use vmtrace::error::ReadError;

use crate::end::End;
use crate::log::Record;
use crate::panics;
use crate::replay::{Format, Replay, Stopped};

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contained {
    /// What was observed, up to the end.
    pub records: Vec<Record>,
    /// How it ended.
    pub end: End,
}

/// Replays a trace on a machine of its own.
///
/// # Errors
///
/// If the trace is malformed.
pub fn run(trace: &[u8], machine: impl FnOnce(Config) -> Machine) -> Result<Contained, ReadError> {
    let mut log = Vec::new();
    let mut replay = Replay::on(trace, machine, Format::Log)?;
    let end = match panics::caught(|| replay.run(&mut log)) {
        Ok(Ok(end)) | Err(end) => end,
        Ok(Err(Stopped::Trace(error))) => return Err(error),
        Ok(Err(Stopped::Output(error))) => unreachable!("a vector takes everything: {error}"),
    };
    let log = String::from_utf8_lossy(&log);
    Ok(Contained {
        records: log.lines().filter_map(Record::parse).collect(),
        end,
    })
}
