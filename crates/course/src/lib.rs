//! What the course consists of, for the student's door and for the instructor's.
//!
//! - [`catalogue`]: labs, holes, points and traces, from `lab.toml`
//! - [`feedback`]: how much of a trace may be told
//! - [`handed_in`]: the files that are handed in, and how large they may be

pub mod catalogue;
pub mod feedback;
pub mod handed_in;
