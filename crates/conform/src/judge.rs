//! Is a difference one?
//!
//! Other programs run on the same kernel. A difference counts if it comes again,
//! and if nobody took pages away meanwhile.

use oracle::error::Error;
use oracle::host::Evictions;

use crate::compare::{Compared, Difference, MakeMachine, compare};
use crate::counts::Counts;
use crate::facts::Facts;
use crate::twin::Twin;

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

/// Compares a twin as often as it takes.
///
/// # Errors
///
/// If a native run fails.
pub fn judge(twin: &Twin, facts: &Facts, make: MakeMachine<'_>) -> Result<Judgement, Error> {
    let mut spoilt = 0;
    let mut differences: Vec<Difference> = Vec::new();
    let mut first = None;
    for run in 0..RUNS + SPOILT_MAX {
        let before = Evictions::so_far();
        let Compared { difference, counts } = compare(twin, &facts.folder, make)?;
        let counts = first.get_or_insert(counts).clone();
        let Some(difference) = difference else {
            let verdict = match run {
                0 => Verdict::Same,
                _ => Verdict::Unsteady("a difference did not come again".to_owned()),
            };
            return Ok(Judgement { verdict, counts });
        };
        if Evictions::so_far() != before {
            spoilt += 1;
            if spoilt > SPOILT_MAX {
                break;
            }
            continue;
        }
        let again = |other: &Difference| (other.at, other.what) == (difference.at, difference.what);
        if differences.iter().any(again) {
            let verdict = Verdict::Differs(Box::new(difference));
            return Ok(Judgement { verdict, counts });
        }
        differences.push(difference);
        if differences.len() == RUNS {
            break;
        }
    }
    let why = match spoilt > SPOILT_MAX {
        true => "other load evicts pages (/proc/vmstat)",
        false => "no two runs differ in the same place",
    };
    Ok(Judgement {
        verdict: Verdict::Unsteady(why.to_owned()),
        counts: first.unwrap_or_default(),
    })
}
