//! What a job tells, as each sink shows it.

mod bars;
mod events;
mod lines;
mod log;
mod scene;
