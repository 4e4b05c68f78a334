//! Where in a film somebody is, and the ways from there.

use film::scene::{Outcome, UPDATES};

use crate::reel::Reel;

/// The steps of a fault.
const STEPS: usize = 7;

/// A place in a film: a scene, and in it a fault and one of its seven steps. All are
/// counted from 0. Of a scene without faults the last two mean nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The scene.
    pub scene: usize,
    /// The fault in it.
    pub fault: usize,
    /// The step of the fault.
    pub step: usize,
}

impl Place {
    /// The start of a scene.
    pub fn start_of(scene: usize) -> Self {
        Self {
            scene,
            fault: 0,
            step: 0,
        }
    }

    /// The end of a scene with so many faults.
    pub fn end_of(scene: usize, faults: usize) -> Self {
        Self {
            scene,
            fault: faults.saturating_sub(1),
            step: if faults > 0 { STEPS - 1 } else { 0 },
        }
    }

    /// One step on in a scene with so many faults; none at its end.
    pub fn step_on(self, faults: usize) -> Option<Self> {
        if self.fault >= faults {
            return None;
        }
        match (self.step + 1 < STEPS, self.fault + 1 < faults) {
            (true, _) => Some(Self {
                step: self.step + 1,
                ..self
            }),
            (false, true) => Some(Self {
                fault: self.fault + 1,
                step: 0,
                ..self
            }),
            (false, false) => None,
        }
    }

    /// One step back; none at the start of the scene.
    pub fn step_back(self) -> Option<Self> {
        match (self.step, self.fault) {
            (0, 0) => None,
            (0, fault) => Some(Self {
                fault: fault - 1,
                step: STEPS - 1,
                ..self
            }),
            (step, _) => Some(Self {
                step: step - 1,
                ..self
            }),
        }
    }

    /// Whether the page table is updated by now, for the fault that it is at.
    pub fn is_updated(self) -> bool {
        self.step >= UPDATES
    }
}

/// Something to look for in a film.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A scene with a fault.
    Fault,
    /// A scene that ended badly.
    Trouble,
}

/// The next scene of a kind behind this one, or before it.
pub fn find(reel: &Reel, from: usize, wanted: Wanted, way: Way) -> Option<usize> {
    let fits = |scene: &usize| {
        reel.mark(*scene).is_some_and(|mark| match wanted {
            Wanted::Fault => mark.faulted,
            Wanted::Trouble => mark.outcome >= Outcome::Failed,
        })
    };
    way.scenes(from, reel.len()).find(fits)
}

/// The scene of a line of the trace: the first that is not before it.
pub fn of_line(reel: &Reel, line: u64) -> usize {
    let at = reel.marks().partition_point(|mark| mark.line < line);
    at.min(reel.len().saturating_sub(1))
}

/// In which direction to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Towards the end.
    On,
    /// Towards the start.
    Back,
}

impl Way {
    /// The scenes that lie this way of one.
    pub(crate) fn scenes(self, from: usize, len: usize) -> Box<dyn Iterator<Item = usize>> {
        match self {
            Way::On => Box::new(from + 1..len),
            Way::Back => Box::new((0..from.min(len)).rev()),
        }
    }
}

/// The next scene with this text in its event, its class or its end, or at this address's
/// page; the search goes on from the other end of the film, and comes back to where it
/// began last.
pub fn search(reel: &Reel, from: usize, text: &str, way: Way) -> Option<usize> {
    let text = text.to_lowercase();
    let page = page_of(&text);
    let other = match way {
        Way::On => 0..reel.len().min(from + 1),
        Way::Back => from.min(reel.len())..reel.len(),
    };
    let around: Box<dyn Iterator<Item = usize>> = match way {
        Way::On => Box::new(other),
        Way::Back => Box::new(other.rev()),
    };
    let all = way.scenes(from, reel.len()).chain(around);
    all.into_iter()
        .find(|&scene| holds(reel, scene, &text, page))
}

fn page_of(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("0x")?;
    u64::from_str_radix(digits, 16).ok().map(|addr| addr >> 12)
}

fn holds(reel: &Reel, scene: usize, text: &str, page: Option<u64>) -> bool {
    let Some(told) = reel.text(scene) else {
        return false;
    };
    // Most scenes do not have it anywhere, and need not be read.
    let told = told.to_ascii_lowercase();
    let anywhere = told
        .windows(text.len().max(1))
        .any(|part| part == text.as_bytes());
    if !anywhere && page.is_none() {
        return false;
    }
    reel.scene(scene).is_some_and(|scene| {
        let end = scene.end.as_deref().unwrap_or_default();
        let parts = [scene.text.as_str(), scene.class.as_str(), end];
        parts.iter().any(|part| part.to_lowercase().contains(text))
            || page.is_some_and(|page| scene.addr.is_some_and(|addr| addr >> 12 == page))
    })
}
