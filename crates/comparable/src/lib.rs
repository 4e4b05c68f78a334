//! What of a trace a run of a real kernel can tell, found out without one.
//!
//! `conform` runs what is left on the kernel of this computer; the grader asks
//! whether a trace of a student's says anything about Linux at all. Nothing here
//! talks to a kernel.
//!
//! In reading order:
//!
//! - [`computer`]: what a computer can tell
//! - [`twin`]: a trace as a real kernel can run it
//! - [`exclusion`] and [`screen`]: what no run can tell is taken out; `instruction`: which
//!   bytes may be executed

pub mod computer;
pub mod twin;

pub mod exclusion;
mod instruction;
pub mod screen;
