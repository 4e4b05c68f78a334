//! What a student may be told of each trace.
//!
//! A student can write handlers that fail exactly if some bit of a hidden trace is
//! set, and read the bit from the verdict; or panic with the trace in the message. So
//! whatever `grade` prints and writes goes through [`ShownResult`] first, and a report
//! takes nothing else: a log of a CI system is read by students.
//!
//! What is shown is the closer of what the registry allows for the trace (`feedback` in
//! `lab.toml` and `hidden.toml`) and of what was asked for (`grade --feedback`). Only
//! [`Feedback::Full`](course::feedback::Feedback::Full), asked for, shows everything: it is for the instructor's eyes.
//!
//! No level shows nothing: one submission tells its author at most log₂ of the number
//! of things that could stand there, for each hidden trace and part:
//!
//! | level | shows of a hidden trace | outcomes | bits |
//! |---|---|---|---|
//! | `full` | everything | what a process can say | all |
//! | `divergence` | and what differs, by class, without address, value, event or line | 2 + 19 · (307² + 11² + 5): rules, classes, signals, others | < 21 |
//! | `category` | its category, the concept, and the rule that decides at the first difference | passed, not graded, failed by one of 18 rules or none | < 4.4 |
//! | `verdict` | passed or not | passed, failed, not graded | < 1.6 |
//! | `points` | nothing but the points of its part | as many sums as there are sets of traces | < 1.6 |
//! | `sealed` | not even that; it is counted later | 1 | 0 |
//!
//! For all levels but `full`, how a run failed is not told (a panic, a limit and a wrong
//! answer are as many outcomes as a student likes), nor what was printed, where in the
//! student's code it ended, or how long it took. A part is `not written yet` only if that
//! is so in every trace, public ones too: one bit for the part. Points are told for each
//! part at every level but `sealed`, and say no more than the verdicts that they are the
//! sum of.

mod board;
mod class;
mod excerpt;
mod submission;

pub use board::ShownBoard;
pub use class::{Shown, ShownClass, ShownResult, ShownSubmission};
