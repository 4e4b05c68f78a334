//! Grades the graders: every mistake against every trace.
//!
//! In reading order:
//!
//! - [`exam`]: the traces of a course with their keys, in memory
//! - [`trial`]: one wrong kernel on one trace, judged as a submission is
//! - [`matrix`]: all wrong kernels on all traces
//! - [`cover`]: the fewest traces that expose all of them

pub mod exam;
pub mod trial;

pub mod cover;
pub mod matrix;
