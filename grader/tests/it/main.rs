//! Tests of the grader, as one program.

mod alternatives;
mod belady;
mod break_it;
mod compile;
mod holes;
mod impossible;
mod intake;
mod keys;
mod leaderboard;
mod matrix;
mod policy;
mod predict;
mod run_sandbox;
mod samples;
mod schema;
mod workspace;
