//! Tests of the grader, as one program.

mod belady;
mod holes;
mod impossible;
mod keys;
mod matrix;
mod leaderboard;
mod policy;
mod samples;
mod schema;
mod workspace;
