//! What is measured: faults, one by one, and calls, page by page.

use vmsim::event::{Cache, Event, Sharing};

use crate::events::{self, Pages};
use crate::growth::crowd::{self, WORK, WORKER};
use crate::growth::setting::Setting;
use crate::plan::Plan;

/// An operation whose cost may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A read that the TLB knows.
    Hit,
    /// First write of a page.
    DemandZero,
    /// First read of a page of a file.
    FileRead,
    /// First read of a page that the page cache has.
    MapResident,
    /// Write of a page that others share.
    CopyOnWrite,
    /// Read of a swapped page, for which another has to go.
    SwapIn,
    /// fork(2), for each page that is handed on.
    Fork,
    /// The end of a process, for each of its pages.
    Exit,
    /// munmap(2), for each page.
    Munmap,
    /// A file read into the page cache, for each page.
    Load,
    /// mmap(2) and munmap(2) of a page that nobody touches.
    Mmap,
}

/// Pages in question: enough that the first of them, which find cold caches, do not
/// count for much.
const FAULTS: u64 = 1024;

/// Pages in question where each is shared by thousands, or is one of all those that a
/// call is about.
const PAGES: u64 = 64;

/// Children that are forked, or end.
const CHILDREN: u32 = 16;

/// Children that write.
const WRITERS: u32 = 4;

/// The first child.
const CHILD: u32 = 500_000;

/// The pages of a process that is forked or ends, besides those of the setting.
const OWN: Pages = Pages::new(WORK, PAGES);

impl Operation {
    /// All of them, in the order in which they are told.
    pub const ALL: [Operation; 11] = [
        Operation::Hit,
        Operation::DemandZero,
        Operation::FileRead,
        Operation::MapResident,
        Operation::CopyOnWrite,
        Operation::SwapIn,
        Operation::Fork,
        Operation::Exit,
        Operation::Munmap,
        Operation::Load,
        Operation::Mmap,
    ];

    /// A name for tables.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Hit => "hit",
            Operation::DemandZero => "demand-zero",
            Operation::FileRead => "file-read",
            Operation::MapResident => "map-resident",
            Operation::CopyOnWrite => "copy-on-write",
            Operation::SwapIn => "swap-in, evicting",
            Operation::Fork => "fork, a page",
            Operation::Exit => "exit, a page",
            Operation::Munmap => "munmap, a page",
            Operation::Load => "load, a page",
            Operation::Mmap => "mmap + munmap",
        }
    }

    /// Whether it is an access, faulting or not, and no system call.
    pub fn is_fault(self) -> bool {
        use Operation::*;
        !matches!(self, Fork | Exit | Munmap | Load | Mmap)
    }

    /// A plan for the operation in a setting, and how many of it are measured.
    pub fn plan(self, setting: Setting) -> (Plan, u64) {
        let mut plan = crowd::crowd(setting);
        let count = match self {
            Operation::Hit => hit(&mut plan, setting),
            Operation::DemandZero => demand_zero(&mut plan, setting),
            Operation::FileRead => file(&mut plan, setting, Cache::Cold),
            Operation::MapResident => file(&mut plan, setting, Cache::Warm),
            Operation::CopyOnWrite => copy_on_write(&mut plan, setting),
            Operation::SwapIn => swap_in(&mut plan, setting),
            Operation::Fork => fork(&mut plan, setting),
            Operation::Exit => exit(&mut plan, setting),
            Operation::Munmap => munmap(&mut plan, setting),
            Operation::Load => load(&mut plan, setting),
            Operation::Mmap => mmap(&mut plan),
        };
        (plan, count)
    }
}

/// As many pages as the sets of a TLB hold.
fn hit(plan: &mut Plan, setting: Setting) -> u64 {
    have_written(plan, OWN);
    share(plan, setting.sharers);
    plan.before.extend(reads(OWN));
    let rounds = std::iter::repeat_n(OWN, 64);
    plan.measured.extend(rounds.flat_map(reads));
    plan.measured.len() as u64
}

/// The others, if there are any, show the zero page at the same pages.
fn demand_zero(plan: &mut Plan, setting: Setting) -> u64 {
    let pages = faulting(setting);
    plan.before.push(events::map(WORKER, pages));
    if setting.sharers > 0 {
        // fork hands on the entries of a mapping that was written.
        plan.before.extend(reads(pages));
        plan.before.push(events::write(WORKER, pages.first));
        share(plan, setting.sharers);
    }
    let unwritten = Pages::new(pages.first + 1, pages.count - 1);
    plan.measured.extend(writes(WORKER, unwritten));
    unwritten.count
}

/// The others map the same file, and have read it if it was in the page cache.
fn file(plan: &mut Plan, setting: Setting, cache: Cache) -> u64 {
    let pages = faulting(setting);
    let mapping = |pid| events::map_file(pid, pages, 0, Sharing::Shared);
    plan.before.push(events::file(pages.count, cache));
    for child in children(setting.sharers) {
        plan.before.push(events::fork(WORKER, child));
        plan.before.push(mapping(child));
        if cache == Cache::Warm {
            let reads = pages.iter().map(|page| events::read(child, page));
            plan.before.extend(reads);
        }
    }
    plan.before.push(mapping(WORKER));
    plan.measured.extend(reads(pages));
    pages.count
}

/// The writers are in the middle of those who share.
fn copy_on_write(plan: &mut Plan, setting: Setting) -> u64 {
    let pages = faulting(setting);
    have_written(plan, pages);
    let others = setting.sharers.max(WRITERS);
    share(plan, others);
    for child in middle(others, WRITERS) {
        plan.measured.extend(writes(child, pages));
    }
    plan.measured.len() as u64
}

/// Twice as many pages as there are frames, one after the other and again; all who share
/// a page read it in turn.
fn swap_in(plan: &mut Plan, setting: Setting) -> u64 {
    let frames = setting.frames.max(8);
    *plan = crowd::crowd(Setting {
        frames: 0,
        ..setting
    });
    plan.config.frames = frames as u32;
    let pages = Pages::new(WORK, 2 * frames);
    have_written(plan, pages);
    share(plan, setting.sharers);
    let readers = || std::iter::once(WORKER).chain(children(setting.sharers));
    let round: Vec<Event> = pages
        .iter()
        .flat_map(|page| readers().map(move |pid| events::read(pid, page)))
        .collect();
    plan.before.extend_from_slice(&round);
    let rounds = 1 + FAULTS as usize / round.len();
    plan.measured = std::iter::repeat_n(round, rounds).flatten().collect();
    plan.measured.len() as u64
}

fn fork(plan: &mut Plan, setting: Setting) -> u64 {
    let pages = have_pages(plan, setting);
    share(plan, setting.sharers);
    let more = (CHILD + setting.sharers..).take(CHILDREN as usize);
    let forks = more.map(|child| events::fork(WORKER, child));
    plan.measured.extend(forks);
    pages * u64::from(CHILDREN)
}

/// Those who go are in the middle of those who share.
fn exit(plan: &mut Plan, setting: Setting) -> u64 {
    let pages = have_pages(plan, setting);
    let others = setting.sharers.max(CHILDREN);
    share(plan, others);
    let exits = middle(others, CHILDREN).map(events::exit);
    plan.measured.extend(exits);
    pages * u64::from(CHILDREN)
}

fn munmap(plan: &mut Plan, setting: Setting) -> u64 {
    let pages = have_pages(plan, setting);
    let others = setting.sharers.max(CHILDREN);
    share(plan, others);
    let unmaps = middle(others, CHILDREN).map(|child| events::unmap(child, crowd::EVERYTHING));
    plan.measured.extend(unmaps);
    pages * u64::from(CHILDREN)
}

fn load(plan: &mut Plan, setting: Setting) -> u64 {
    let size_pages = FAULTS + setting.frames;
    plan.before.push(events::file(size_pages, Cache::Cold));
    plan.measured.push(events::load(0, size_pages));
    size_pages
}

/// In the middle of the other VMAs.
fn mmap(plan: &mut Plan) -> u64 {
    for _ in 0..FAULTS {
        let page = Pages::new(WORK + 8, 1);
        plan.measured.push(events::map(WORKER, page));
        plan.measured.push(events::unmap(WORKER, page));
    }
    FAULTS
}

/// The pages of a process that is forked or ends: those in question, one in each of its
/// other VMAs, and those that take up frames.
fn have_pages(plan: &mut Plan, setting: Setting) -> u64 {
    have_written(plan, OWN);
    let others = crowd::other_vmas(setting.vmas);
    let writes = others.map(|area| events::write(WORKER, area.first));
    plan.before.extend(writes);
    PAGES + setting.vmas + setting.frames
}

/// The pages that faults are about.
fn faulting(setting: Setting) -> Pages {
    let count = if setting.sharers > 0 { PAGES } else { FAULTS };
    Pages::new(WORK, count)
}

fn have_written(plan: &mut Plan, pages: Pages) {
    plan.before.push(events::map(WORKER, pages));
    plan.before.extend(writes(WORKER, pages));
}

fn share(plan: &mut Plan, count: u32) {
    let forks = children(count).map(|child| events::fork(WORKER, child));
    plan.before.extend(forks);
}

fn children(count: u32) -> impl Iterator<Item = u32> {
    CHILD..CHILD + count
}

/// So many children, from the middle of all.
fn middle(all: u32, count: u32) -> impl Iterator<Item = u32> {
    let first = CHILD + (all.saturating_sub(count)) / 2;
    first..first + count.min(all)
}

fn reads(pages: Pages) -> impl Iterator<Item = Event> {
    pages.iter().map(|page| events::read(WORKER, page))
}

fn writes(pid: u32, pages: Pages) -> impl Iterator<Item = Event> {
    pages.iter().map(move |page| events::write(pid, page))
}
