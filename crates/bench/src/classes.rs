//! Every class of fault, as thousands of events that are of that class and no other.
//!
//! What is measured of a scenario is what an access costs from the event to its
//! observation, the faults in it included. What must have happened before is in the plan
//! and is not measured.

use std::fmt;

use vmsim::addr::{VirtAddr, Vpn};
use vmsim::event::{Cache, Config, Event, Sharing, Source};
use vmsim::prot::Prot;

use crate::events::{self, Pages};
use crate::plan::Plan;

/// Events of a scenario.
pub const EVENTS: u64 = 4096;

/// The pages in question.
const PAGES: Pages = Pages::new(0x10_0000, EVENTS);

/// The process in question.
const PARENT: u32 = 1;

/// Its child, where it needs one.
const CHILD: u32 = 2;

/// Events of one class.
pub struct Scenario {
    /// What the benchmarks call it.
    pub name: &'static str,
    /// Its class, as the log prints it.
    pub class: &'static str,
    /// Makes its plan.
    pub plan: fn() -> Plan,
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

const fn scenario(name: &'static str, class: &'static str, plan: fn() -> Plan) -> Scenario {
    Scenario { name, class, plan }
}

/// All of them, in the order of the graded vocabulary.
pub static ALL: [Scenario; 20] = [
    scenario("hit, in the TLB", "hit", hit_in_tlb),
    scenario("hit, beyond its sets", "hit", hit_beyond_sets),
    scenario("hit, by a walk", "hit", hit_by_walk),
    scenario("zero-page", "minor zero-page", zero_page),
    scenario("demand-zero", "minor demand-zero", demand_zero),
    scenario("map-resident", "minor map-resident", map_resident),
    scenario("copy-on-write", "minor copy-on-write", copy_on_write),
    scenario("reuse", "minor reuse", reuse),
    scenario("write-notify", "minor write-notify", write_notify),
    scenario("spurious", "minor spurious", spurious),
    scenario("file-read", "major file-read", file_read),
    scenario("file-read copy", "major file-read copy", file_read_copy),
    scenario("swap-in", "major swap-in", swap_in),
    scenario("swap-in, evicting", "major swap-in", swap_in_evicting),
    scenario("swap-in copy", "major swap-in copy", swap_in_copy),
    scenario("segv maperr", "segv maperr", maperr),
    scenario("segv accerr", "segv accerr", accerr),
    scenario("segv kernel", "segv kernel", kernel),
    scenario("bus adrerr", "bus adrerr", adrerr),
    scenario("oom", "oom", oom),
];

/// A machine with room for all of it twice.
fn plan(before: Vec<Event>, measured: impl IntoIterator<Item = Event>) -> Plan {
    let config = Config {
        frames: 4 * EVENTS as u32,
        swap: 4 * EVENTS as u32,
        cpus: 2,
        ..Config::default()
    };
    Plan {
        config,
        before,
        measured: measured.into_iter().collect(),
    }
}

fn reads(pages: Pages) -> impl Iterator<Item = Event> {
    pages.iter().map(|page| events::read(PARENT, page))
}

fn writes(pages: Pages) -> impl Iterator<Item = Event> {
    pages.iter().map(|page| events::write(PARENT, page))
}

fn mapped() -> Vec<Event> {
    vec![events::map(PARENT, PAGES)]
}

fn written() -> Vec<Event> {
    mapped().into_iter().chain(writes(PAGES)).collect()
}

fn forked() -> Vec<Event> {
    let mut before = written();
    before.push(events::fork(PARENT, CHILD));
    before
}

fn swapped() -> Vec<Event> {
    let mut before = written();
    before.push(events::page_out(PARENT, PAGES));
    before
}

fn file(cache: Cache, sharing: Sharing) -> Vec<Event> {
    vec![
        events::file(EVENTS, cache),
        events::map_file(PARENT, PAGES, 0, sharing),
    ]
}

/// As many pages as the sets of the TLB hold: no access needs more than to look there.
fn hit_in_tlb() -> Plan {
    let pages = Pages::new(PAGES.first, 256);
    let rounds = EVENTS / pages.count;
    plan(written_of(pages), (0..rounds).flat_map(|_| reads(pages)))
}

fn written_of(pages: Pages) -> Vec<Event> {
    let map = events::map(PARENT, pages);
    std::iter::once(map).chain(writes(pages)).collect()
}

fn hit_beyond_sets() -> Plan {
    plan(written(), reads(PAGES))
}

/// The child has the entries, and the CPU has not seen them yet.
fn hit_by_walk() -> Plan {
    let walked = PAGES.iter().map(|page| events::read(CHILD, page));
    plan(forked(), walked)
}

fn zero_page() -> Plan {
    plan(mapped(), reads(PAGES))
}

fn demand_zero() -> Plan {
    plan(mapped(), writes(PAGES))
}

fn map_resident() -> Plan {
    let before = file(Cache::Warm, Sharing::Shared);
    plan(before, reads(PAGES))
}

fn copy_on_write() -> Plan {
    plan(forked(), writes(PAGES))
}

/// The child is gone: nobody else uses the frames.
fn reuse() -> Plan {
    let mut before = forked();
    before.push(events::exit(CHILD));
    plan(before, writes(PAGES))
}

fn write_notify() -> Plan {
    let mut before = file(Cache::Warm, Sharing::Shared);
    before.extend(reads(PAGES));
    plan(before, writes(PAGES))
}

/// CPU 1 remembers the entries as they were before CPU 0 was allowed to write.
fn spurious() -> Plan {
    let on_other = |event| events::on_cpu(1, event);
    let mut before = file(Cache::Warm, Sharing::Shared);
    before.extend(reads(PAGES).map(on_other));
    before.extend(writes(PAGES));
    plan(before, writes(PAGES).map(on_other))
}

fn file_read() -> Plan {
    let before = file(Cache::Cold, Sharing::Shared);
    plan(before, reads(PAGES))
}

fn file_read_copy() -> Plan {
    let before = file(Cache::Cold, Sharing::Private);
    plan(before, writes(PAGES))
}

fn swap_in() -> Plan {
    plan(swapped(), reads(PAGES))
}

/// Twice as many pages as frames, one after the other and again.
fn swap_in_evicting() -> Plan {
    let mut all = plan(written(), reads(PAGES));
    all.config.frames = EVENTS as u32 / 2;
    all
}

/// The child needs the slots, too.
fn swap_in_copy() -> Plan {
    let mut before = swapped();
    before.push(events::fork(PARENT, CHILD));
    plan(before, writes(PAGES))
}

fn maperr() -> Plan {
    plan(vec![events::survive(PARENT)], reads(PAGES))
}

fn accerr() -> Plan {
    let (prot, sharing) = (Prot::READ, Sharing::Private);
    let before = vec![
        events::survive(PARENT),
        events::mmap(PARENT, PAGES, prot, sharing, Source::Anon),
    ];
    plan(before, writes(PAGES))
}

/// Addresses whose upper bits are not all alike.
fn kernel() -> Plan {
    let address = |page| VirtAddr(Vpn(page).start().0 | 1 << 62);
    let wild = PAGES.iter().map(address);
    let reads = wild.map(|addr| events::read_at(PARENT, addr));
    plan(vec![events::survive(PARENT)], reads)
}

/// A mapping that is larger than its file, which has one page.
fn adrerr() -> Plan {
    let before = vec![
        events::survive(PARENT),
        events::file(1, Cache::Cold),
        events::map_file(
            PARENT,
            Pages::new(PAGES.first - 1, EVENTS + 1),
            0,
            Sharing::Shared,
        ),
    ];
    plan(before, reads(PAGES))
}

/// One frame, which the parent has, and no swap: each child is killed at its first write.
fn oom() -> Plan {
    let children = || (CHILD..).take(EVENTS as usize);
    let mut before = written_of(Pages::new(PAGES.first, 1));
    before.extend(children().map(|child| events::fork(PARENT, child)));
    let area = Pages::new(PAGES.first + 8, 1);
    before.extend(children().map(|child| events::map(child, area)));
    let writes = children().map(|child| events::write(child, area.first));
    let mut all = plan(before, writes);
    (all.config.frames, all.config.swap) = (1, 0);
    all
}
