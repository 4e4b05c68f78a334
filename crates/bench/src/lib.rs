//! What a fault costs, and how that grows with what there is besides.
//!
//! `cargo bench -p bench` measures each class of fault; `cargo run --profile replay -p bench
//! --bin growth` draws the curves of `docs/performance/`; `--bin counts` counts
//! instructions, which no other program on the machine can change.
//!
//! In reading order:
//!
//! - [`events`]: events, made in code
//! - [`plan`]: a machine, what happens before, and what is measured
//! - [`classes`]: every class of fault, as thousands of events
//! - [`growth`]: more and more of one thing, and what an operation takes then
//! - [`table`] and [`picture`]: what was measured, for people
//! - [`hot`]: the hot paths, and [`callgrind`], which counts their instructions

pub mod events;
pub mod plan;

pub mod classes;
pub mod growth;

pub mod picture;
pub mod table;

pub mod callgrind;
pub mod hot;
