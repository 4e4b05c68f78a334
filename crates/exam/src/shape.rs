//! What the random traces of each lab are made of.

use vmsim::addr::PAGE_SIZE;
use vmtrace::generate::chance::Chance;
use vmtrace::generate::{GeneratorOptions, Groups, Weights};

/// Entries of a last-level page table.
const TABLE_PAGES: u64 = 512;

/// Accesses in a hundred that are refused, in most labs: more, and processes die
/// early or traces show nothing but refusals.
const REFUSED_PERCENT: u64 = 2;

/// The same in labs that teach what is refused among other things, and above all.
const REFUSED_PERCENT_IN_CLASSIFY: u64 = 10;
const REFUSED_PERCENT_IN_PROTECT: u64 = 20;

/// How the random traces of a lab come about.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// What the generator may do.
    pub options: GeneratorOptions,
    /// Accesses in a hundred that are refused.
    pub refused_percent: u64,
    /// Proposals in a hundred that go where somebody was before,
    pub echo_percent: u64,
    /// of the others, those at the edge of a mapping,
    pub poke_percent: u64,
    /// and of these others, those that change what happens on a signal.
    pub signal_percent: u64,
}

/// The share of refused accesses that a lab's traces may have together.
pub fn refused_percent(lab: u8) -> u64 {
    match lab {
        1 => REFUSED_PERCENT_IN_CLASSIFY,
        3 => REFUSED_PERCENT_IN_PROTECT,
        _ => REFUSED_PERCENT,
    }
}

/// A shape for a lab's next trace.
pub fn shape(lab: u8, chance: &mut Chance) -> Shape {
    let mut options = base(chance);
    match lab {
        1 => classify(&mut options, chance),
        2 => lazy(&mut options, chance),
        3 => protect(&mut options, chance),
        4 => files(&mut options, chance),
        5 => cow(&mut options, chance),
        6 => tlb(&mut options, chance),
        7 => swap(&mut options, chance),
        _ => replace(&mut options, chance),
    }
    // Proposals only: how many are taken is for `refused_percent` to say.
    options.invalid_percent = 15;
    Shape {
        options,
        refused_percent: refused_percent(lab),
        echo_percent: 35,
        poke_percent: if matches!(lab, 1 | 3) { 20 } else { 4 },
        signal_percent: if lab == 3 { 10 } else { 0 },
    }
}

/// One small arena, in which the same pages are used again and again; now and then
/// across the border of two page tables.
fn base(chance: &mut Chance) -> GeneratorOptions {
    let arena_pages = chance.within(4..=8);
    let arena_offset_pages = match chance.percent(20) {
        true => TABLE_PAGES - arena_pages / 2,
        false => chance.below(TABLE_PAGES - arena_pages),
    };
    GeneratorOptions {
        cpus: chance.pick(&[1, 1, 2]),
        frames: 64,
        swap: 16,
        arenas: 1,
        arena_pages,
        arena_offset_pages,
        file_pages: 3,
        // Not always whole pages.
        stack_limit: chance.within(3..=arena_pages) * PAGE_SIZE + chance.pick(&[0, 0, 1, 100]),
        access_percent: 62,
        weights: WEIGHTS,
        groups: Groups {
            heap: false,
            stack: false,
            ..Groups::ALL
        },
        ..GeneratorOptions::default()
    }
}

/// Without `willneed`, which no run of a kernel can check.
const WEIGHTS: Weights = Weights {
    mmap: 18,
    munmap: 7,
    mprotect: 12,
    dont_need: 6,
    populate: 3,
    page_out: 10,
    fork: 10,
    exit: 5,
    load_or_drop: 6,
    msync: 5,
    will_need: 0,
    brk: 6,
    stack: 6,
};

fn classify(options: &mut GeneratorOptions, chance: &mut Chance) {
    options.groups.stack = chance.percent(25);
    options.groups.heap = chance.percent(25);
    options.cpus = chance.pick(&[1, 2, 2]);
    options.strain_percent = 4;
    few_frames_at_times(options, chance, 15);
}

fn lazy(options: &mut GeneratorOptions, chance: &mut Chance) {
    options.groups.heap = chance.percent(30);
    options.groups.files = chance.percent(40);
    options.groups.shared = chance.percent(60);
    options.cpus = chance.pick(&[1, 2, 2, 3]);
    options.weights = Weights {
        munmap: 16,
        dont_need: 14,
        exit: 8,
        load_or_drop: 2,
        msync: 2,
        ..WEIGHTS
    };
    few_frames_at_times(options, chance, 50);
}

fn protect(options: &mut GeneratorOptions, chance: &mut Chance) {
    options.groups.stack = true;
    options.groups.files = chance.percent(60);
    options.groups.swap = chance.percent(20);
    options.strain_percent = 15;
    options.weights = Weights {
        mmap: 10,
        stack: 24,
        page_out: 4,
        ..WEIGHTS
    };
}

fn files(options: &mut GeneratorOptions, chance: &mut Chance) {
    options.fault_around = chance.pick(&[1, 1, 1, 16]);
    options.file_pages = chance.within(2..=4);
    options.cpus = chance.pick(&[1, 2, 2, 3]);
    options.weights = Weights {
        load_or_drop: 12,
        msync: 16,
        page_out: 5,
        ..WEIGHTS
    };
    options.strain_percent = 3;
    few_frames_at_times(options, chance, 30);
}

fn cow(options: &mut GeneratorOptions, chance: &mut Chance) {
    options.groups.files = chance.percent(40);
    options.groups.swap = chance.percent(40);
    options.cpus = chance.pick(&[1, 2, 2, 3, 4]);
    options.weights = Weights {
        fork: 26,
        exit: 10,
        load_or_drop: 2,
        msync: 2,
        ..WEIGHTS
    };
    few_frames_at_times(options, chance, 30);
}

fn tlb(options: &mut GeneratorOptions, chance: &mut Chance) {
    options.groups.files = chance.percent(50);
    options.groups.swap = chance.percent(40);
    options.cpus = chance.pick(&[2, 2, 3, 4]);
    options.weights = Weights {
        mprotect: 36,
        mmap: 14,
        ..WEIGHTS
    };
}

fn swap(options: &mut GeneratorOptions, chance: &mut Chance) {
    options.groups.files = chance.percent(20);
    options.cpus = chance.pick(&[1, 1, 2, 3]);
    options.swap = chance.within(2..=8) as u32;
    options.weights = Weights {
        page_out: 36,
        fork: 18,
        ..WEIGHTS
    };
    few_frames_at_times(options, chance, 50);
}

fn replace(options: &mut GeneratorOptions, chance: &mut Chance) {
    options.groups.files = chance.percent(75);
    options.groups.protection = chance.percent(40);
    options.cpus = chance.pick(&[1, 1, 2]);
    options.frames = chance.within(3..=6) as u32;
    options.swap = chance.within(6..=16) as u32;
    options.access_percent = 76;
    options.weights = Weights {
        page_out: 2,
        load_or_drop: 4,
        ..WEIGHTS
    };
}

/// So few frames that pages must go.
fn few_frames_at_times(options: &mut GeneratorOptions, chance: &mut Chance, percent: u64) {
    if chance.percent(percent) {
        options.frames = chance.within(2..=6) as u32;
        options.swap = chance.pick(&[0, 2, 8]);
    }
}
