//! What a run came to: for the student's door and for the grader, in the same words.
//!
//! Nothing here knows the reference, and no student code runs in it.
//!
//! In reading order, along the data's way:
//!
//! - [`end`]: the names of how things end
//! - [`key`]: the answer keys, which are insta snapshots of the reference's logs
//! - [`bounded`]: a process with limits, and what it printed
//! - [`served`]: a process that does one thing after another, with limits on each
//! - [`received`]: what came over the channel of a run
//! - [`run`]: what came of a run
//! - [`ending`]: how a run ended, told or untold
//! - [`compare`]: a log against its key, up to the first difference
//! - [`judge`]: the verdict on a run
//! - [`words`]: a difference in words
//! - [`explanation`]: why a kernel does what it does there
//! - [`sheet`]: a sheet of answers, as a person fills it in
//! - [`prediction`]: what may stand on the sheet of predictions

pub mod end;
pub mod key;

pub mod bounded;
pub mod received;
pub mod served;

pub mod ending;
pub mod run;

pub mod compare;
pub mod judge;

pub mod explanation;
pub mod words;

pub mod prediction;
pub mod sheet;
