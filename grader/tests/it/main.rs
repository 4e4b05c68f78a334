//! Tests of the grader, as one program.

mod holes;
mod keys;
mod schema;
mod workspace;
