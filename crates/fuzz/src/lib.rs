//! Strangers' bytes against whatever reads them, and what must hold for any bytes.
//!
//! A function for each reader; each panics if a promise is broken, and that is what a
//! fuzzer looks for. `cargo test -p fuzz` tries the committed corpus and some random
//! bytes, with any toolchain. To search with coverage, on a nightly toolchain:
//!
//! ```text
//! cargo install cargo-bolero
//! cargo +nightly bolero test --package fuzz trace::any_bytes --sanitizer NONE -T 60s
//! ```
//!
//! - [`trace`]: the trace language, text and binary
//! - [`attachments`]: traces and predictions of students, as exercises read them
//! - [`archive`]: what students hand in, and how
//! - [`channel`]: what a process says that student code has taken over

// A fuzzer instruments this library's own test program too, which must then be linked
// with it.
#[cfg(test)]
use bolero as _;

pub mod archive;
pub mod attachments;
pub mod channel;
pub mod trace;
