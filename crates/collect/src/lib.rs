//! What course systems export, as attempts of students.
//!
//! In reading order, along the data's way:
//!
//! - [`attempt`]: what is handed on to be graded
//! - [`limits`]: what an export may cost
//! - [`trouble`]: why one is not collected
//! - [`place`]: where something lies in an export
//! - [`export`]: what lies there: a zip, a tar or a folder
//! - [`hand_in`]: a hand-in as names tell it
//! - [`layout`]: how course systems name what they export
//! - [`detect`]: which of them this one is
//! - [`who`]: whose a hand-in is, by the roster
//! - `place_files`: from its files to what the grader takes
//! - [`collected`]: from paths to attempts
//! - [`table`]: the same for people, before anything is graded

pub mod attempt;

pub mod limits;
pub mod place;
pub mod trouble;

pub mod export;

pub mod hand_in;
pub mod layout;

pub mod detect;
pub mod who;

mod place_files;

pub mod collected;
pub mod table;
