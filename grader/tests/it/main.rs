//! Tests of the grader, as one program.

mod alternatives;
mod belady;
mod break_it;
mod compile;
mod holes;
mod impossible;
mod keys;
mod leaderboard;
mod matrix;
mod policy;
mod predict;
mod samples;
mod schema;
mod workspace;
