//! Works: long runs of page references, the same for our replay and for the programs that
//! it is compared with.
//!
//! ```text
//! zipf, scan, recording ─► Work ─┬─ mapped ─► a trace, text and binary       (ours)
//!                                └─ formats ─► page numbers, records, lines  (theirs)
//! ```
//!
//! Modules, in reading order.
//!
//! What is replayed: [`work`].
//!
//! Where it comes from: [`zipf`], [`scan`], [`recording`].
//!
//! How it is written: [`mapped`], [`formats`], [`files`].

pub mod work;

pub mod recording;
pub mod scan;
pub mod zipf;

pub mod files;
pub mod formats;
pub mod mapped;
