//! What each pane shows.

mod events;
mod memory;
mod steps;
mod walk;

use film::scene::Fault;
use film::state::{Change, Entry, State, Target};

use crate::difference::Pair;
use crate::look::Look;
use crate::moment::{Moment, Shown};
use crate::place::Place;
use crate::rows::{Row, Rows, Sign};

pub(crate) use events::{Paper, events};
pub(crate) use steps::{heading, steps};

/// A part of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Pane {
    Events,
    Steps,
    Differences,
    Walk,
    Vmas,
    Pages,
    Frames,
    Tlbs,
    Cache,
    Swap,
    Counters,
}

impl Pane {
    /// Its short title, for a row of tabs.
    pub fn title(self) -> &'static str {
        match self {
            Pane::Events => "Events",
            Pane::Steps => "Steps",
            Pane::Differences => "Diff",
            Pane::Walk => "Walk",
            Pane::Vmas => "VMAs",
            Pane::Pages => "Pages",
            Pane::Frames => "Frames",
            Pane::Tlbs => "TLB",
            Pane::Cache => "Cache",
            Pane::Swap => "Swap",
            Pane::Counters => "Counts",
        }
    }

    /// Its title where there is room.
    pub fn long_title(self) -> &'static str {
        match self {
            Pane::Events => "Events",
            Pane::Steps => "The seven steps",
            Pane::Differences => "Yours and expected",
            Pane::Walk => "Page-table walk",
            Pane::Vmas => "VMAs",
            Pane::Pages => "Page-table entries",
            Pane::Frames => "Frames: uses, references, owners",
            Pane::Tlbs => "TLBs",
            Pane::Cache => "Page cache",
            Pane::Swap => "Swap",
            Pane::Counters => "Counters",
        }
    }
}

/// What is looked at.
pub(crate) struct Sight<'a> {
    pub place: Place,
    pub moment: &'a Moment,
    /// The facts of the scene in both films, if they are compared.
    pub pairs: &'a [Pair],
    /// The same fault in the other film.
    pub other: Option<&'a Fault>,
    pub look: Look,
    /// Columns of the pane, without its border and the signs.
    pub columns: usize,
}

/// What a pane of the state shows.
pub(crate) fn state(pane: Pane, sight: &Sight<'_>) -> Rows {
    match pane {
        Pane::Walk => walk::walk(sight),
        Pane::Vmas => memory::vmas(sight),
        Pane::Pages => memory::pages(sight),
        Pane::Frames => memory::frames(sight),
        Pane::Tlbs => memory::tlbs(sight),
        Pane::Cache => memory::cache(sight),
        Pane::Swap => memory::swap(sight),
        Pane::Counters => memory::counters(sight),
        Pane::Differences => differences(sight),
        Pane::Events | Pane::Steps => Rows::default(),
    }
}

/// The panes in which something changed just now.
pub(crate) fn changed(moment: &Moment) -> Vec<Pane> {
    if moment.shown == Shown::Before {
        return Vec::new();
    }
    let pane = |change: &Change| match change {
        Change::Process(..) | Change::Vma(..) => Pane::Vmas,
        Change::Page(..) => Pane::Pages,
        Change::Frame(_, Some(frame)) if frame.caches.is_some() => Pane::Cache,
        Change::Frame(..) => Pane::Frames,
        Change::Slot(..) => Pane::Swap,
        Change::Tlb(..) => Pane::Tlbs,
        Change::Total(..) => Pane::Counters,
    };
    moment.scene.changes.iter().map(pane).collect()
}

/// What both films say of the event: first in what they differ.
fn differences(sight: &Sight<'_>) -> Rows {
    let says = |text: &str| match text {
        "" => "nothing".to_owned(),
        text => text.to_owned(),
    };
    let mut rows = Vec::new();
    for pair in sight.pairs.iter().filter(|pair| !pair.agrees()) {
        let (what, own, expected) = (&pair.what, says(&pair.own), says(&pair.expected));
        let own = format!("{what:<17} yours:    {own}");
        rows.push(Row::new(Sign::Differs, own));
        let expected = format!("{:<17} expected: {expected}", "");
        rows.push(Row::new(Sign::Differs, expected));
    }
    if rows.is_empty() {
        rows.push(Row::plain("nothing differs here"));
    }
    let same = sight
        .pairs
        .iter()
        .filter(|pair| pair.agrees() && !pair.own.is_empty());
    let same = same.map(|pair| Row::plain(format!("{:<17} {}", pair.what, pair.own)));
    rows.push(Row::title("the same in both"));
    rows.extend(same);
    Rows { rows, focus: 0 }
}

/// The name of a frame: that of the log, or its number until it has one.
fn frame_name(state: &State, number: u32) -> String {
    let name = state
        .frames
        .get(&number)
        .and_then(|frame| frame.name.clone());
    name.unwrap_or_else(|| format!("#{number}"))
}

/// `f3  P W U A`, `slot 2`.
fn entry(state: &State, entry: &Entry) -> String {
    match entry.to {
        Target::Frame(number) => {
            format!("{:<5} {}", frame_name(state, number), entry.bits)
        }
        Target::Slot(number) => format!("swap slot {number}"),
    }
}

/// The first address of a page.
fn addr(page: u64) -> String {
    format!("{:#x}", page << 12)
}
