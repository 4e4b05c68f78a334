//! Tests of the runner, from the outside.

mod line;
