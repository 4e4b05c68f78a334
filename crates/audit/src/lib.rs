//! Grades the graders: every mistake against every trace.
//!
//! In reading order:
//!
//! - [`exam`]: the traces of a course with their keys, in memory
//! - [`trial`]: one wrong kernel on one trace, judged as a submission is

pub mod exam;
pub mod trial;
