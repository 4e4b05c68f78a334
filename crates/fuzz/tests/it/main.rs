//! The corpus and random bytes, a target for each reader.
//!
//! What a target found once stands in `__fuzz__/<target>/`, and is tried each time.

mod archive;
mod attachments;
mod channel;
mod trace;
