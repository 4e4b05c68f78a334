//! Where it is told.
//!
//! Texts that are a student's, names above all, go through [`grader::report::sink`] here,
//! each for the place that it is shown in.

pub mod bars;
pub mod events;
pub mod lines;
pub mod log;

use std::time::Duration;

use crate::event::{StepDone, Told};

/// Somebody who is told.
///
/// A job does not stop because nobody listens any more: what cannot be written is lost,
/// and the sink is silent from then on, or tries again.
pub trait Sink: Send {
    /// Hears of an event, `elapsed` after the job began.
    fn hear(&mut self, told: &Told, elapsed: Duration);
}

/// `3 of 8`, or `3`.
fn of_total(done: u64, total: Option<u64>) -> String {
    match total {
        Some(total) => format!("{done} of {total}"),
        None => done.to_string(),
    }
}

/// A problem, and why it is one as far as that may be told.
fn problem(step: &StepDone) -> String {
    let why = step.why.as_ref().map(|why| format!(": {why}"));
    let why = why.unwrap_or_default();
    format!("{}: {} {}{why}", step.stage, step.what, step.outcome)
}

/// Errors say on a line of its own what to do; here it follows.
fn on_one_line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("; ")
}
