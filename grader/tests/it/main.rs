//! Tests of the grader, as one program.

mod break_it;
mod holes;
mod impossible;
mod keys;
mod matrix;
mod predict;
mod samples;
mod schema;
mod workspace;
