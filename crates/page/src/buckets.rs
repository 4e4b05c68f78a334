//! Sums over all events, for the charts: the events are put into buckets of equal width,
//! which doubles whenever there are too many.

use film::scene::Outcome;
use film::state::State;
use serde::Serialize;

/// Buckets that are kept: more than a screen has columns.
const BUCKETS_MAX: usize = 2048;

/// Outcomes that are told apart.
const OUTCOMES: usize = Outcome::Stopped as usize + 1;

/// The sums of a film.
#[derive(Serialize)]
pub struct Buckets {
    /// Events of a bucket; the last one may have fewer.
    pub width: u64,
    /// The buckets, in order.
    pub all: Vec<Bucket>,
    #[serde(skip)]
    events: u64,
}

/// Some events that follow one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bucket {
    /// Events by [`Outcome`].
    pub outcomes: [u64; OUTCOMES],
    /// What was there after the last one.
    pub level: Level,
}

/// What is there after an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Level {
    /// Minor faults so far.
    pub minor: u64,
    /// Major faults so far.
    pub major: u64,
    /// Signals so far.
    pub signals: u64,
    /// Pages of all processes that a frame holds.
    pub resident: u64,
    /// Frames in use.
    pub frames: u64,
    /// Swap slots in use.
    pub slots: u64,
}

impl Level {
    /// The level of a state, of which the resident pages are known.
    pub fn of(state: &State, resident: u64) -> Self {
        let total = |name| state.totals.get(name).copied().unwrap_or_default();
        Self {
            minor: total("minor"),
            major: total("major"),
            signals: total("signals"),
            resident,
            frames: state.frames.len() as u64,
            slots: state.slots.len() as u64,
        }
    }
}

impl Default for Buckets {
    fn default() -> Self {
        Self {
            width: 1,
            all: Vec::new(),
            events: 0,
        }
    }
}

impl Buckets {
    /// Adds an event.
    pub fn add(&mut self, outcome: Outcome, level: Level) {
        if self.all.len() == BUCKETS_MAX && self.events.is_multiple_of(self.width) {
            self.halve();
        }
        if self.events.is_multiple_of(self.width) {
            self.all.push(Bucket::default());
        }
        self.events += 1;
        if let Some(bucket) = self.all.last_mut() {
            bucket.outcomes[outcome as usize] += 1;
            bucket.level = level;
        }
    }

    fn halve(&mut self) {
        self.width *= 2;
        self.all = self
            .all
            .chunks(2)
            .map(|pair| pair.iter().skip(1).fold(pair[0], Bucket::joined))
            .collect();
    }
}

impl Bucket {
    fn joined(self, later: &Bucket) -> Bucket {
        let mut outcomes = self.outcomes;
        for (sum, more) in outcomes.iter_mut().zip(later.outcomes) {
            *sum += more;
        }
        Bucket {
            outcomes,
            level: later.level,
        }
    }
}
