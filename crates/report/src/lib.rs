//! A class and its students as pages.
//!
//! `report.html` is the instructor's: a class, and which mistakes it makes. A student's page
//! holds nothing of anybody else's and can be given away. Both take what may be shown
//! ([`grader::feedback`]) and nothing else, need no other file and no network, and have a
//! policy that names what is theirs by hash and allows nothing else.
//!
//! In reading order:
//!
//! - [`options`]: what there is to know besides results
//! - [`account`]: what a student gets, and for which parts points are missing
//! - [`picture`]: the machine where a run differs first
//!
//! What a student gets:
//! - [`student`]: a page
//! - [`markdown`]: the same for a comment of a course system
//!
//! What an instructor gets:
//! - [`spread`]: numbers in a row: median, quartiles, bars
//! - [`overview`]: a class in numbers
//! - [`class`]: the page
//!
//! And where it goes:
//! - [`write`](mod@write): all of it into a folder

pub mod options;

pub mod account;
pub mod picture;

pub mod markdown;
pub mod student;

pub mod class;
pub mod overview;
pub mod spread;

pub mod write;
