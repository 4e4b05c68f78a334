//! How far a long job is: bars, plain lines, events, and a log.
//!
//! A job tells once what it does: its stages, what came of each thing, what is wrong. What
//! becomes of that is decided elsewhere, by whoever started it. In reading order:
//!
//! - [`clock`]: what time it is, which tests decide
//! - [`stage`]: what a job consists of, and what came of each thing in a stage
//! - [`event`]: what is told, in its JSON form
//! - [`job`]: a job that tells
//! - [`left`]: how long it will take
//! - [`words`]: durations and counts
//! - [`sink`]: where it is told: [`sink::bars`] on a terminal, [`sink::lines`] elsewhere,
//!   [`sink::events`] for programs, [`sink::log`] for whoever must find out later
//! - [`schema`]: the JSON Schema of the events

pub mod clock;
pub mod event;
pub mod job;
pub mod left;
pub mod schema;
pub mod sink;
pub mod stage;
pub mod words;
