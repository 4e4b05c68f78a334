//! Tests of the grader, as one program.

mod holes;
mod keys;
mod predict;
mod samples;
mod schema;
mod workspace;
