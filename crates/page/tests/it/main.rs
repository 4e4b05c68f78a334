//! The page: its bytes, and what a browser makes of them.
//!
//! The films in `tests/films` are the reference's runs of public traces, without how it
//! did it: what `cargo xtask handout` puts beside the traces.

mod access;
mod bytes;
mod compared;
mod films;
mod finding;
mod hostile;
mod looks;
mod stepping;
mod vendored;
