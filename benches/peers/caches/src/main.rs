//! Cache crates on the page references of a work: `caches CRATE FRAMES FILE.u32`.
//!
//! They have no page tables, no TLB, no faults, no dirty pages: a look-up, and an insertion
//! if it fails. They show what such a look-up costs by itself.

use std::process::ExitCode;
use std::{env, fs, num::NonZero};

/// Pages in, misses out.
type Count = fn(usize, &mut dyn Iterator<Item = u32>) -> u64;

const CRATES: [(&str, Count); 4] = [
    ("schnellru", schnellru),
    ("quick_cache", quick_cache),
    ("lru", lru),
    ("moka", moka),
];

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let [name, frames, file] = &args[..] else {
        eprintln!("usage: caches CRATE FRAMES FILE");
        return ExitCode::from(2);
    };
    let found = CRATES.iter().find(|(known, _)| known == name);
    let (Some((_, count)), Ok(frames), Ok(bytes)) = (found, frames.parse(), fs::read(file)) else {
        eprintln!("no such crate, not a number of frames, or no such file");
        return ExitCode::from(2);
    };
    let (pages, _) = bytes.as_chunks::<4>();
    let mut pages = pages.iter().copied().map(u32::from_le_bytes);
    println!("misses {}", count(frames, &mut pages));
    ExitCode::SUCCESS
}

fn schnellru(frames: usize, pages: &mut dyn Iterator<Item = u32>) -> u64 {
    let mut cache = schnellru::LruMap::new(schnellru::ByLength::new(frames as u32));
    misses(pages, |page| match cache.get(&page) {
        Some(()) => true,
        None => !cache.insert(page, ()),
    })
}

fn quick_cache(frames: usize, pages: &mut dyn Iterator<Item = u32>) -> u64 {
    let mut cache = quick_cache::unsync::Cache::new(frames);
    misses(pages, |page| match cache.get(&page) {
        Some(()) => true,
        None => {
            cache.insert(page, ());
            false
        }
    })
}

fn lru(frames: usize, pages: &mut dyn Iterator<Item = u32>) -> u64 {
    let mut cache = lru::LruCache::new(NonZero::new(frames).expect("frames are not 0"));
    misses(pages, |page| match cache.get(&page) {
        Some(()) => true,
        None => {
            cache.put(page, ());
            false
        }
    })
}

fn moka(frames: usize, pages: &mut dyn Iterator<Item = u32>) -> u64 {
    let cache = moka::sync::Cache::new(frames as u64);
    misses(pages, |page| match cache.get(&page) {
        Some(()) => true,
        None => {
            cache.insert(page, ());
            false
        }
    })
}

fn misses(pages: &mut dyn Iterator<Item = u32>, mut finds: impl FnMut(u32) -> bool) -> u64 {
    pages.map(|page| u64::from(!finds(page))).sum()
}
