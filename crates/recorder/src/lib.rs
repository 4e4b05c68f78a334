//! The recorder: logs of real programs in, events of the trace language out.
//!
//! A program that ran under `valgrind --tool=lackey --trace-mem=yes
//! --trace-syscalls=yes` leaves a log of all its accesses and system calls.
//! [`import`](import::import) reads such a log twice: first to learn what it
//! does not say outright (how large the files are, what was mapped before the
//! program began), then to write. Memory stays flat in both passes.
//!
//! A program that is yet to run is [recorded](lackey::Valgrind::record) first: its
//! log is made smaller while valgrind writes it, because the whole of it can be
//! gigabytes. What the kernel [counts](native::count) for the same program is found
//! out by running it without valgrind.
//!
//! ```text
//! program ─► valgrind ─► spool ─► filter ─► log
//! log ─► line ─► translate ─► compact ─► survey                   (first pass)
//! log ─► line ─► translate ─► compact ─► declare ─► cut ─► Sink   (second pass)
//!                         prelude ─────────┘
//! ```
//!
//! Modules, in reading order.
//!
//! The door: [`import`], [`sink`], [`text`], [`binary`], [`compact`], [`cut`],
//! [`summary`], [`error`].
//!
//! A log, line by line: `log`, `line`, `call`.
//!
//! From lines to events: `translate`, `process`, `files`, `memory`, `kernel`.
//!
//! What the log leaves out: `findings`, `survey`, `ranges`, `regions`,
//! `prelude`.
//!
//! The way out: `stage`, `declare`, and the two choices of the door.
//!
//! A program that runs: [`program`], [`lackey`], `spool`, [`filter`]; and without
//! valgrind: [`native`], [`follow`] (on Linux), `usage`.
//!
//! Other people's formats: [`segments`] (readelf), [`perf`] (perf script).

pub mod import;

pub mod binary;
pub mod compact;
pub mod cut;
pub mod error;
pub mod sink;
pub mod summary;
pub mod text;

mod call;
mod line;
mod log;

mod files;
mod kernel;
mod memory;
mod process;
mod translate;

mod findings;
mod prelude;
mod ranges;
mod regions;
mod survey;

mod declare;
mod stage;

pub mod filter;
#[cfg_attr(not(target_os = "linux"), path = "not_followed.rs")]
pub mod follow;
pub mod lackey;
pub mod native;
pub mod program;

mod spool;
mod usage;

pub mod perf;
pub mod segments;
