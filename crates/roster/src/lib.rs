//! Who is in a class, and what being late costs.
//!
//! Nothing here asks what time it is: what a hand-in costs follows from when it was handed
//! in and from what is written down, and is the same whenever it is asked for.
//!
//! In reading order:
//!
//! - [`student`]: a student, and the key that everything else uses
//! - [`list`]: all of them, and how they are found
//! - [`read`]: a list from a file, as a course system or a spreadsheet writes it
//! - [`moment`]: times and spans as people write them, and time zones
//! - [`cost`]: points to the hundredth, and what a day costs
//! - [`late`]: how late a hand-in is, and what that costs
//! - [`class`]: `class.toml`, which says all of this for a course
//! - [`trouble`]: what is wrong with a file, where, and what to do

pub mod student;

pub mod list;
pub mod read;

pub mod cost;
pub mod late;
pub mod moment;

pub mod class;
mod form;

pub mod trouble;
