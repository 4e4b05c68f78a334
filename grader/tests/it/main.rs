//! Tests of the grader, as one program.

mod holes;
mod impossible;
mod keys;
mod samples;
mod schema;
mod workspace;
