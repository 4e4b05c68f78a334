//! Grades submissions on hidden traces.
//!
//! This library links no student code. A submission is compiled into a program of
//! its own, and each trace runs in a process of its own; what comes back is
//! compared here with the answer key, which never leaves this process.
//!
//! In reading order, along the data's way:
//!
//! - [`intake`]: submissions, from folders, checkouts and archives
//! - [`kit`]: the libraries that every submission is compiled against
//! - [`jailed`]: the compiler in its jail
//! - [`linker`]: how a program is linked, learnt once
//! - [`diagnostics`]: what the compiler said, as far as a student may read it
//! - [`once`]: what is compiled already
//! - [`compile`]: one submission into one program
//! - [`launch`]: one trace through one program
//! - `sitting`: the same in one process for many traces, at first
//! - [`explain`]: why the reference does what it does there
//! - [`exercise`]: what is handed in and is no handler: predictions, traces
//! - `prepared`: a lab's traces and keys, and what a program makes of them
//! - [`points`]: what that is worth
//! - [`grade`]: a submission, from what was handed in to its points
//! - [`leaderboard`]: replacement policies, compared by cost and for no points
//! - [`class`]: all submissions, in parallel
//! - [`result`]: what is known of a class in the end, and its JSON form
//! - [`standing`]: what a student gets for it
//! - [`losses`]: where the other points went
//! - [`feedback`]: how much of it may be told
//! - [`report`]: the same for people and spreadsheets

pub mod compile;
pub mod diagnostics;
pub mod intake;
pub mod jailed;
pub mod kit;
pub mod linker;
pub mod once;

pub mod launch;
mod sitting;

pub mod explain;

pub mod exercise;

pub mod class;
pub mod feedback;
pub mod grade;
pub mod leaderboard;
pub mod losses;
pub mod points;
mod prepared;
pub mod report;
pub mod result;
pub mod standing;
