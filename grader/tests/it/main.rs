//! Tests of the grader, as one program.

mod keys;
mod schema;
mod workspace;
