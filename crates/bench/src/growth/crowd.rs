//! What there is besides: other VMAs, other processes, other pages, and a past.

use vmsim::event::{Config, Event};

use crate::events::{self, Pages};
use crate::growth::setting::Setting;
use crate::plan::Plan;

/// The process in question.
pub const WORKER: u32 = 1;

/// Where the pages in question begin: half of the other VMAs are below.
pub const WORK: u64 = 0x10_0000;

/// The first of the pages that only take up frames.
const BALLAST: u64 = 0x40_0000;

/// Where the past took place.
const PAST: u64 = 0x80_0000;

/// Numbers of processes of the past.
const PAST_PIDS: u32 = 1_000_000;

/// All of that.
pub const EVERYTHING: Pages = Pages::new(WORK / 2, PAST);

/// Frames and slots: there is room for everything, unless a plan says otherwise.
const ROOM: u32 = 1 << 20;

/// A machine with room, and all that there is besides.
pub fn crowd(setting: Setting) -> Plan {
    let mut before = Vec::new();
    before.extend(past(setting.length));
    before.extend(others(setting.processes));
    before.extend(other_vmas(setting.vmas).map(|area| events::map(WORKER, area)));
    before.extend(ballast(setting.frames));
    let config = Config {
        frames: ROOM,
        swap: ROOM,
        ..Config::default()
    };
    Plan {
        config,
        before,
        measured: Vec::new(),
    }
}

/// Places of other VMAs, of a page each, that are no neighbours: around the pages in
/// question.
pub fn other_vmas(count: u64) -> impl Iterator<Item = Pages> {
    let below = count / 2;
    let first = move |i| match i < below {
        true => WORK - 2 * (below - i),
        false => WORK + 0x10_0000 + 2 * (i - below),
    };
    (0..count).map(move |i| Pages::new(first(i), 1))
}

/// Processes that have a page of their own, each.
fn others(count: u32) -> impl Iterator<Item = Event> {
    (0..count).flat_map(|i| {
        let pid = WORKER + 1 + i;
        [
            events::fork(WORKER, pid),
            events::map(pid, Pages::new(WORK, 1)),
            events::write(pid, WORK),
        ]
    })
}

fn ballast(frames: u64) -> impl Iterator<Item = Event> {
    let pages = Pages::new(BALLAST, frames);
    let writes = pages.iter().map(|page| events::write(WORKER, page));
    std::iter::once(events::map(WORKER, pages)).chain(writes)
}

/// A past of so many events: mappings come and go, pages are copied, swapped out and in,
/// children live and die.
fn past(length: u64) -> impl Iterator<Item = Event> {
    (0..).flat_map(episode).take(length as usize)
}

/// Areas of the past are used again after so many.
const PAST_AREAS: u64 = 1 << 12;

fn episode(number: u64) -> [Event; 10] {
    let area = Pages::new(PAST + number % PAST_AREAS * 16, 2);
    let (page, child) = (area.first, PAST_PIDS + number as u32);
    [
        events::map(WORKER, area),
        events::write(WORKER, page),
        events::read(WORKER, page + 1),
        events::fork(WORKER, child),
        events::write(WORKER, page),
        events::write(child, page),
        events::exit(child),
        events::page_out(WORKER, area),
        events::read(WORKER, page),
        events::unmap(WORKER, area),
    ]
}
