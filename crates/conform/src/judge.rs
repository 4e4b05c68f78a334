//! Is a difference one?
//!
//! Other programs run on the same kernel. A difference counts if it comes again,
//! and if nobody took pages away meanwhile.

use oracle::error::Error;
use oracle::host::{self, Evictions};

use crate::compare::{Compared, Difference, Setting, compare};
use crate::counts::Counts;
use crate::facts::Facts;
use comparable::twin::Twin;

/// Runs that decide: two of three.
const RUNS: usize = 3;

/// Runs that may be spoilt by evictions before it is given up.
const SPOILT_MAX: usize = 5;

/// What became of a trace.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// What the kernel did, in the first run.
    pub counts: Counts,
}

/// Whether the simulator does what the kernel does.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It does.
    Same,
    /// It does not, and will not.
    Differs(Box<Difference>),
    /// It did not, once, and then it did; or other programs took pages away in each
    /// run.
    Unsteady(String),
}

/// Compares a twin as often as it takes: once, if there is no difference.
///
/// # Errors
///
/// If a native run fails.
pub fn judge(twin: &Twin, setting: Setting<'_>) -> Result<Judgement, Error> {
    let mut votes = Votes::default();
    let mut first = None;
    loop {
        let before = Evictions::so_far();
        let Compared { difference, counts } = compare(twin, setting)?;
        let counts = first.get_or_insert(counts);
        let spoilt = difference.is_some() && Evictions::so_far() != before;
        let verdict = if difference.is_some() && other_swap(setting.facts) {
            Some(Verdict::Unsteady(OTHER_SWAP.to_owned()))
        } else if spoilt {
            votes.spoil()
        } else {
            votes.cast(difference)
        };
        if let Some(verdict) = verdict {
            let counts = counts.clone();
            return Ok(Judgement { verdict, counts });
        }
    }
}

const OTHER_SWAP: &str = "somebody switched a swap device on or off";

fn other_swap(facts: &Facts) -> bool {
    host::swap_devices() != facts.swap_devices
}

/// The runs so far.
#[derive(Default)]
struct Votes {
    same: usize,
    differences: Vec<Difference>,
    spoilt: usize,
}

impl Votes {
    /// Counts a run that somebody else disturbed; a verdict if there are too many.
    fn spoil(&mut self) -> Option<Verdict> {
        self.spoilt += 1;
        let why = "other load evicts pages (/proc/vmstat)".to_owned();
        (self.spoilt > SPOILT_MAX).then_some(Verdict::Unsteady(why))
    }

    /// Counts a run; a verdict if it decides.
    fn cast(&mut self, difference: Option<Difference>) -> Option<Verdict> {
        let Some(difference) = difference else {
            self.same += 1;
            return match (self.differences.is_empty(), self.same) {
                (true, _) => Some(Verdict::Same),
                (false, 1) => None,
                _ => Some(Verdict::Unsteady(
                    "a difference did not come again".to_owned(),
                )),
            };
        };
        let again = |other: &Difference| (other.at, other.what) == (difference.at, difference.what);
        if self.differences.iter().any(again) {
            return Some(Verdict::Differs(Box::new(difference)));
        }
        self.differences.push(difference);
        let why = "no two runs differ in the same place".to_owned();
        (self.differences.len() + self.same == RUNS).then_some(Verdict::Unsteady(why))
    }
}
