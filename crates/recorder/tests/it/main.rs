//! Logs in, traces out.

mod calls;
mod checker;
mod cuts;
mod errors;
mod filter;
mod forks;
mod formats;
mod guesses;
mod native;
mod recorded;
mod workspace;
