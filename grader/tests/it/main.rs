//! Tests of the grader, as one program.

mod alternatives;
mod belady;
mod holes;
mod impossible;
mod keys;
mod leaderboard;
mod matrix;
mod policy;
mod samples;
mod schema;
mod workspace;
