//! Work A: few pages are used often, and most of them hardly ever.

use rand::SeedableRng;
use rand::distr::Distribution;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom;
use rand_distr::Zipf;

use crate::work::{Access, Reference, Work};

/// References to `pages` pages, the k-th most used of them k times as seldom as the most
/// used. Which pages those are has nothing to do with their numbers.
///
/// The generator is named, not "the standard one": the same seed gives the same work with
/// every version of the library.
///
/// # Panics
///
/// If there is no page.
pub fn zipf(pages: u32, frames: u32, references: usize, seed: u64) -> Work {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut by_rank: Vec<u32> = (0..pages).collect();
    by_rank.shuffle(&mut chance);
    let ranks = Zipf::new(f64::from(pages), 1.0).expect("there is a page");
    let page = |rank: f64| by_rank[rank as usize - 1];
    let references = ranks.sample_iter(&mut chance).take(references);
    let round = references.map(|rank| Reference {
        page: page(rank),
        access: Access::Write,
    });
    Work {
        pages,
        frames,
        round: round.collect(),
        rounds: 1,
    }
}
