//! One trace through one set of handlers.
//!
//! Student code runs in a process of its own, and this is that process: a trace
//! comes in on standard input, observations go out on a private channel, and
//! whatever the student prints goes elsewhere. The verdict is not made here.
//!
//! In reading order:
//!
//! - [`replay`]: events into the machine, observations out
//! - [`log`]: a line of the log, and what its columns are for
//! - [`line`](mod@line): an observation as a line of the log, column by column
//! - [`json`]: an observation as a JSON object
//! - [`steps`]: a fault in seven steps, for people
//! - [`film`](mod@film): the same and the state of the machine, for those who show it
//! - [`classes`]: counts or letters only, for long traces
//! - [`totals`]: faults in total, and where they were
//! - [`end`]: how a run ends
//! - [`channel`]: the private way out
//! - [`policy`]: who chooses victims, by name
//! - [`process`]: all of it together
//! - [`serve`]: many runs of one program, each in a process of its own
//! - `sit`: several runs of one program in one process, one after another
//! - [`contained`]: the same within this process, for kernels that are ours

pub mod replay;

pub mod classes;
pub mod film;
pub mod json;
pub mod line;
pub mod log;
pub mod steps;
pub mod totals;

pub mod channel;
pub mod contained;
pub mod end;
mod panics;
mod plain;
pub mod policy;
pub mod process;
pub mod serve;
mod sit;
