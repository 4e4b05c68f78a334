//! The sequential scan: more pages than frames, one after another, again and again.

use crate::work::{Access, Reference, Work};

/// `rounds` scans of `pages` pages. With fewer frames than pages, every policy but OPT
/// finds none of them in memory.
pub fn scan(pages: u32, frames: u32, rounds: u32) -> Work {
    let round = (0..pages).map(|page| Reference {
        page,
        access: Access::Write,
    });
    Work {
        pages,
        frames,
        round: round.collect(),
        rounds,
    }
}
