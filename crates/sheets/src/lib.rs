//! Grade sheets that course systems take back.
//!
//! A sheet is never invented: the one that the course system exported is filled in. What is
//! not filled in stays as it was, byte for byte: other cells and their quotes, the
//! separator, line endings, and what Windows puts before a file.
//!
//! Course systems take a sheet back in silence, and leave out in silence what they do not
//! like. So each row that would be left out is told, with the reason and what to do; the
//! rules are those of their own importers.
//!
//! In reading order:
//!
//! - [`cells`]: a sheet as bytes and cells
//! - [`number`]: points as a sheet writes them
//! - [`grades`]: what students get, and what they are known by; [`graded`], of a whole class
//!   that `grade` has written
//! - [`matching`]: whose a row is
//! - [`canvas`]: the gradebook of Canvas
//! - [`moodle`]: the grading worksheet of Moodle
//! - [`report`]: what was filled in, and what somebody should look at
//! - [`trouble`]: why a sheet cannot be filled in

pub mod cells;
pub mod number;

pub mod graded;
pub mod grades;
pub mod matching;

pub mod canvas;
pub mod moodle;

pub mod report;
pub mod trouble;
