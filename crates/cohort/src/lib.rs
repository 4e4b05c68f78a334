//! A class made up from the samples, as course systems export it.
//!
//! What is known of each student beforehand is the sample that they handed in, whose end
//! and points `grader/samples/expected.toml` promises. So a class of any size can be
//! imported, graded and exported, and looked at whether everybody got what they should.
//! The same seed makes the same class, byte for byte.
//!
//! In reading order:
//!
//! - [`person`]: who is in it, with the names that make trouble
//! - [`samples`]: what can be handed in
//! - [`vary`]: the same work, written in another way
//! - [`plan`]: who hands in what, and when
//! - [`sink`]: a zip or a folder
//! - [`system`]: how each course system exports a class
//! - [`beside`]: roster, class.toml, and the truth
//! - [`sheet`]: the empty grade sheets of Canvas and Moodle
//! - [`make`]: all of it

pub mod person;
pub mod samples;
pub mod vary;

pub mod plan;

pub mod sink;
pub mod system;

pub mod beside;
pub mod sheet;

pub mod make;
