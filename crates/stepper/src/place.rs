//! Where in a film somebody is, and the ways from there.

use film::scene::{Outcome, Scene, UPDATES};
use memchr::memmem::{self, Finder};

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
    let other = match way {
        Way::On => 0..reel.len().min(from + 1),
        Way::Back => from.min(reel.len())..reel.len(),
    };
    let around: Box<dyn Iterator<Item = usize>> = match way {
        Way::On => Box::new(other),
        Way::Back => Box::new(other.rev()),
    };
    let sought = Sought {
        page: page_of(&text),
        finder: Finder::new(&text),
        text: &text,
    };
    let mut all = way.scenes(from, reel.len()).chain(around);
    all.find(|&scene| sought.is_in(reel, scene))
}

/// What is looked for.
struct Sought<'a> {
    text: &'a str,
    finder: Finder<'a>,
    /// The page of the address that it is, if it is one.
    page: Option<u64>,
}

impl Sought<'_> {
    fn is_in(&self, reel: &Reel, scene: usize) -> bool {
        let Some(mut told) = reel.text(scene) else {
            return false;
        };
        told.make_ascii_lowercase();
        // Most scenes do not have it anywhere, and need not be read.
        if self.finder.find(&told).is_none() && !self.may_be_addressed(&told) {
            return false;
        }
        reel.scene(scene)
            .is_some_and(|scene| self.is_told_by(&scene))
    }

    /// Whether the address of a scene may lie in the page: it is written in decimal.
    fn may_be_addressed(&self, told: &[u8]) -> bool {
        const KEY: &[u8] = b"\"addr\":";
        let Some(page) = self.page else {
            return false;
        };
        let Some(at) = memmem::find(told, KEY) else {
            return false;
        };
        let digits = told[at + KEY.len()..]
            .iter()
            .take_while(|digit| digit.is_ascii_digit());
        let value = digits.fold(0_u64, |value, digit| {
            value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'))
        });
        value >> 12 == page
    }

    fn is_told_by(&self, scene: &Scene) -> bool {
        let end = scene.end.as_deref().unwrap_or_default();
        let parts = [scene.text.as_str(), scene.class.as_str(), end];
        let told = parts
            .iter()
            .any(|part| part.to_lowercase().contains(self.text));
        told || self
            .page
            .is_some_and(|page| scene.addr.is_some_and(|addr| addr >> 12 == page))
    }
}

fn page_of(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("0x")?;
    u64::from_str_radix(digits, 16).ok().map(|addr| addr >> 12)
}
