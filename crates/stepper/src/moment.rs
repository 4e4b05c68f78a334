//! What there is to see at a place: the scene, and the state before or after.

use std::collections::BTreeSet;

use film::scene::{Fault, Scene};
use film::state::{Change, Entry, State, Target};

use crate::place::Place;
use crate::reel::Reel;

/// What is seen at a place.
pub struct Moment {
    /// The scene.
    pub scene: Scene,
    /// The state that is shown.
    pub state: State,
    /// The state before the scene, to tell what changed.
    pub before: State,
    /// Which of the two is shown.
    pub shown: Shown,
}

/// Which state is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The one before the event: the page table is not updated yet.
    Before,
    /// What some of the event's faults have changed so far.
    Between,
    /// The one after the event.
    After,
}

impl Moment {
    /// The fault at a place.
    pub fn fault(&self, place: Place) -> Option<&Fault> {
        self.scene.faults.get(place.fault)
    }
}

/// Sees moments, one after the other: from one to the next it is a short way.
#[derive(Default)]
pub struct Eye {
    /// The state after a number of scenes.
    last: Option<(usize, State)>,
}

impl Eye {
    /// Looks at a place; none if the scene is not there yet.
    pub fn look(&mut self, reel: &Reel, place: Place) -> Option<Moment> {
        let scene = reel.scene(place.scene)?;
        let before = self.state(reel, place.scene);
        let (shown, state) = shown(&scene, &before, place);
        Some(Moment {
            scene,
            state,
            before,
            shown,
        })
    }

    fn state(&mut self, reel: &Reel, scenes: usize) -> State {
        /// Scenes that are played on from the last state, instead of from a kept one.
        const NEAR: usize = 64;
        let state = match self.last.take() {
            Some((at, mut state)) if at <= scenes && reel.distance(at, scenes) <= NEAR => {
                reel.advance(&mut state, at, scenes);
                state
            }
            _ => reel.state(scenes),
        };
        self.last = Some((scenes, state.clone()));
        state
    }
}

fn shown(scene: &Scene, before: &State, place: Place) -> (Shown, State) {
    let mut state = before.clone();
    let last = place.fault + 1 >= scene.faults.len();
    let (shown, changes): (_, Vec<&Change>) = match (place.is_updated(), place.fault, last) {
        _ if scene.faults.is_empty() => (Shown::After, scene.changes.iter().collect()),
        (true, _, true) => (Shown::After, scene.changes.iter().collect()),
        (false, 0, _) => (Shown::Before, Vec::new()),
        (updated, fault, _) => {
            let done = &scene.faults[..fault + usize::from(updated)];
            (Shown::Between, changes_of(scene, before, done))
        }
    };
    for change in changes {
        state.apply(change);
    }
    (shown, state)
}

/// The changes that are these faults' own: a film tells the changes of a whole event, and
/// an access that crosses into the next page takes a fault for each.
fn changes_of<'a>(scene: &'a Scene, before: &State, done: &[Fault]) -> Vec<&'a Change> {
    let pages: BTreeSet<(u32, u64)> = done.iter().map(|fault| (fault.pid, fault.page)).collect();
    let leads = |pid: u32, page: u64, entry: Option<&Entry>| match entry?.to {
        Target::Frame(number) if pages.contains(&(pid, page)) => Some(number),
        Target::Frame(_) | Target::Slot(_) => None,
    };
    // Both frames are the fault's own: where the entry led before, and where it leads now.
    let now = scene.changes.iter().filter_map(|change| match change {
        Change::Page(pid, page, entry) => leads(*pid, *page, entry.as_ref()),
        _ => None,
    });
    let old = pages.iter().filter_map(|&(pid, page)| {
        let process = before.processes.get(&pid)?;
        leads(pid, page, process.pages.get(&page))
    });
    let frames: BTreeSet<u32> = now.chain(old).collect();
    let own = |change: &&Change| match change {
        Change::Page(pid, page, _) | Change::Tlb(_, pid, page, _) => pages.contains(&(*pid, *page)),
        Change::Frame(number, frame) => {
            let table = frame
                .as_ref()
                .is_some_and(|frame| frame.usage == film::state::Usage::Table);
            table || frames.contains(number)
        }
        Change::Vma(..) => true,
        _ => false,
    };
    scene.changes.iter().filter(own).collect()
}
