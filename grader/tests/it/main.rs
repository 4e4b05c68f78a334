//! Tests of the grader, as one program.

mod belady;
mod holes;
mod keys;
mod leaderboard;
mod policy;
mod samples;
mod schema;
mod workspace;
