//! Tests of the grader, as one program.

mod holes;
mod impossible;
mod keys;
mod matrix;
mod samples;
mod schema;
mod workspace;
