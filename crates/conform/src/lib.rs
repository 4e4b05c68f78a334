//! Does the kit do what Linux does? Every access of a trace, on the simulator and on
//! the kernel of this computer.
//!
//! ```text
//! case or random ─► twin ─► screen ─► compare ─► judge ─► report
//!                                        ▲          │ differs
//!                                        └ finding ◄┘
//! ```
//!
//! In reading order:
//!
//! - [`facts`] and [`probe`]: what this computer can tell
//! - [`case`]: a trace and what it needs
//! - [`random`]: traces that nobody wrote
//! - the crate `comparable`: a trace as a real kernel can run it, its twin, and what
//!   no run can tell, which is taken out
//! - [`compare`] and [`counts`]: one trace, on both, and what the kernel did
//! - [`pages`]: all page tables, if that is asked for
//! - [`judge`]: is a difference one?
//! - [`finding`]: the fewest events that differ, and both explanations
//! - [`campaign`]: many traces, on all CPUs
//! - [`ablation`]: would a broken rule be found?
//! - [`report`]: what came of it, as text and JSON

pub mod ablation;
pub mod campaign;
pub mod case;
pub mod compare;
pub mod facts;
pub mod finding;
pub mod judge;
pub mod pages;
pub mod probe;
pub mod random;
pub mod report;

pub mod counts;
