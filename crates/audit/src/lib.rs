//! Grades the graders: every mistake against every trace.
//!
//! In reading order:
//!
//! - [`exam`]: the traces of a course with their keys, in memory
//! - [`trial`]: one wrong kernel on one trace, judged as a submission is
//! - [`matrix`]: all wrong kernels on all traces
//! - [`cover`]: the fewest traces that expose all of them
//! - [`finding`]: what is wrong, where, and what to do about it
//! - [`course`]: the material itself
//! - [`audit`]: all of it together
//! - [`result`]: what is known in the end, and its JSON form
//! - [`report`]: the same for people

pub mod exam;
pub mod trial;

pub mod cover;
pub mod matrix;

pub mod finding;

pub mod audit;
pub mod course;
pub mod result;

pub mod report;

// Nothing of this folder is for students: STAYS-HOME-1e7ea419
