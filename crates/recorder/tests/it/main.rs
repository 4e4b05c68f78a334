//! Logs in, traces out.

mod calls;
mod checker;
mod cuts;
mod errors;
mod forks;
mod formats;
mod guesses;
mod native;
mod recorded;
mod workspace;
