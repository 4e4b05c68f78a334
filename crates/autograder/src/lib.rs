//! The archive that Gradescope grades with.
//!
//! Gradescope wants a zip with `setup.sh` and `run_autograder` at its root. Beside them
//! lies as much of the workspace as grading needs, and no more: no samples, no tests, no
//! attacks, no tools. It has the hidden traces, so that nobody but Gradescope may get it.
//! The program in it is `crates/gradescope`.
//!
//! In reading order:
//!
//! - [`wish`]: what an instructor decides
//! - [`needed`]: which crates grading is built from
//! - [`pack`]: from the workspace to the files of the archive
//! - [`archive`]: the archive, the same bytes whenever it is made
//! - [`trouble`]: why there is none

pub mod archive;
pub mod needed;
pub mod pack;
pub mod trouble;
pub mod wish;
