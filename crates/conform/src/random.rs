//! Random traces: the generator's, in shapes that each show other rules.

use vmsim::addr::PAGE_SIZE;
use vmtrace::Line;
use vmtrace::generate::{GeneratorOptions, Groups, generate};
use vmtrace::names::Names;

use crate::case::Case;
use crate::facts::Facts;
use comparable::computer::Swap;
use vmsim::event::Op;

/// Events of a random trace: long enough for families of processes, short enough
/// for memory that is shared and let go again.
const EVENTS: usize = 400;

/// Accesses in a hundred that are wrong on purpose.
const INVALID_PERCENT: u64 = 15;

/// Events in a hundred that programs rarely make.
const STRAIN_PERCENT: u64 = 10;

/// Entries of a last-level page table.
const TABLE_PAGES: u64 = 512;

/// Which part of the language a random trace is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Two arenas, many kinds of mappings, long files.
    Wide,
    /// One small arena, where the same pages are mapped, shared, paged out and split
    /// again and again.
    Dense,
}

/// Makes the `number`-th random trace of a seed; the same on every computer that can
/// tell as much. The shapes take turns.
pub fn trace(seed: u64, number: u64, facts: &Facts) -> Case {
    let shape = match number % 2 {
        0 => Shape::Wide,
        _ => Shape::Dense,
    };
    trace_of(seed, number / 2, shape, facts)
}

/// Makes the `number`-th random trace of a seed and a shape.
pub fn trace_of(seed: u64, number: u64, shape: Shape, facts: &Facts) -> Case {
    let options = options(number, shape, facts);
    let (config, events) = generate(mix(seed, 2 * number + shape as u64), &options);
    let mut names = Names::default();
    for event in &events {
        if let Op::File { name, .. } = &event.op {
            names.add(name).expect("the generator's names are names");
        }
    }
    let lines = (1..).zip(events);
    Case {
        name: format!("{shape:?} random trace {number} of seed {seed}"),
        config,
        lines: lines
            .map(|(number, event)| Line { number, event })
            .collect(),
        names,
    }
}

/// Every other trace has no fault-around, and two of four lie across the border of two
/// page tables.
fn options(number: u64, shape: Shape, facts: &Facts) -> GeneratorOptions {
    let (arenas, arena_pages, file_pages) = match shape {
        Shape::Wide => (2, 24, 40),
        Shape::Dense => (1, 12, 10),
    };
    let arena_offset_pages = match number / 2 % 2 {
        0 => 0,
        _ => TABLE_PAGES - arena_pages / 2,
    };
    GeneratorOptions {
        events: EVENTS,
        fault_around: if number.is_multiple_of(2) { 16 } else { 1 },
        invalid_percent: INVALID_PERCENT,
        strain_percent: STRAIN_PERCENT,
        arenas,
        arena_pages,
        arena_offset_pages,
        file_pages,
        // Less than an arena, so that the limit is met.
        stack_limit: (arena_pages - 3) * PAGE_SIZE,
        groups: Groups {
            files: facts.files,
            heap: facts.heap,
            // A late swap device knows other rules for fork and swap together.
            swap: facts.computer.swap != Swap::Twice || number.is_multiple_of(3),
            forks: facts.computer.swap != Swap::Twice || !number.is_multiple_of(3),
            ..Groups::ALL
        },
        ..GeneratorOptions::default()
    }
}

/// A seed for each trace, far from its neighbours' (the finaliser of SplitMix64).
fn mix(seed: u64, number: u64) -> u64 {
    let mut mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number;
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}
