//! Where the points went: every hundredth that is missing, by part and by run.
//!
//! What a run costs follows from its weight among the runs of its part. A part's points are
//! rounded once, so that the runs' are not: what is over by rounding goes where most of a
//! hundredth is, and the sum is always what is missing.

use roster::cost::Cents;
use verdict::end::End;

use crate::result::{PartResult, Share, SubmissionResult, TraceResult};

/// Points that are missing.
#[derive(Clone, Debug)]
pub enum Loss<'a> {
    /// All of them, for something that has to do with no part.
    Whole {
        /// How many.
        points: Cents,
        /// How the submission ended.
        end: End,
        /// What there is to say of it.
        message: &'a str,
    },
    /// Some of a part.
    Part {
        /// The lab.
        lab: u8,
        /// The part.
        part: &'a PartResult,
        /// How many.
        points: Cents,
        /// Each run that did not earn all that it could. None if nothing ran, or if that
        /// is not told.
        runs: Vec<LostRun<'a>>,
    },
}

/// A run that did not earn all that it could.
#[derive(Clone, Debug)]
pub struct LostRun<'a> {
    /// How much it counts, of how much together, and what it earned of that.
    pub share: &'a Share,
    /// How much all runs of the part count together.
    pub of: f64,
    /// What it cost.
    pub points: Cents,
    /// What came of it; none if that is not told.
    pub trace: Option<&'a TraceResult>,
}

impl Loss<'_> {
    /// How many points are missing.
    pub fn points(&self) -> Cents {
        match self {
            Self::Whole { points, .. } | Self::Part { points, .. } => *points,
        }
    }
}

/// Where the points of a submission went: together exactly what is missing of its maximum.
pub fn losses(submission: &SubmissionResult) -> Vec<Loss<'_>> {
    if submission.labs.is_empty() {
        let points = missing(submission.score, submission.max);
        let whole = Loss::Whole {
            points,
            end: submission.end,
            message: &submission.message,
        };
        return Some(whole)
            .filter(|_| points > Cents(0))
            .into_iter()
            .collect();
    }
    let parts = submission
        .labs
        .iter()
        .flat_map(|lab| lab.parts.iter().map(|part| (lab.number, part)));
    let lost = parts.filter(|(_, part)| part.score < part.max);
    lost.map(|(lab, part)| of_part(submission, lab, part))
        .collect()
}

fn of_part<'a>(submission: &'a SubmissionResult, lab: u8, part: &'a PartResult) -> Loss<'a> {
    let points = missing(part.score, part.max);
    let of = part.shares.iter().map(|share| share.weight).sum();
    let lost: Vec<&Share> = part
        .shares
        .iter()
        .filter(|it| lost_weight(it) > 0.0)
        .collect();
    let each = divide(points, lost.iter().map(|share| lost_weight(share)));
    let runs = lost.into_iter().zip(each).map(|(share, points)| LostRun {
        share,
        of,
        points,
        trace: trace_of(submission, lab, part, share),
    });
    Loss::Part {
        lab,
        part,
        points,
        runs: runs.collect(),
    }
}

fn trace_of<'a>(
    submission: &'a SubmissionResult,
    lab: u8,
    part: &PartResult,
    share: &Share,
) -> Option<&'a TraceResult> {
    let mut traces = submission.traces.iter();
    traces.find(|it| it.lab == lab && it.part == part.name && it.name == share.trace)
}

fn lost_weight(share: &Share) -> f64 {
    share.weight * (1.0 - share.earned)
}

fn missing(score: f64, max: f64) -> Cents {
    Cents::of(max) - Cents::of(score)
}

/// Divides points by weights into whole hundredths, which add up to them: each gets the
/// whole hundredths of its share, and what is over goes to the greatest rests.
fn divide(points: Cents, weights: impl Iterator<Item = f64>) -> Vec<Cents> {
    let weights: Vec<f64> = weights.collect();
    let all: f64 = weights.iter().sum();
    #[expect(clippy::cast_precision_loss, reason = "hundredths of points are few")]
    let exact = |weight: &f64| points.0 as f64 * weight / all;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "hundredths of points are few"
    )]
    let whole = |weight: &f64| Cents((exact(weight) + 1e-6).floor() as i64);
    let mut each: Vec<Cents> = weights.iter().map(whole).collect();
    let over = points - each.iter().copied().sum();
    let mut rests: Vec<(usize, f64)> = weights
        .iter()
        .enumerate()
        .map(|(index, weight)| (index, exact(weight).fract()))
        .collect();
    rests.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let over = usize::try_from(over.0).unwrap_or(0);
    for (index, _) in rests.into_iter().take(over) {
        each[index] = each[index] + Cents(1);
    }
    each
}

#[cfg(test)]
mod tests {
    use roster::cost::Cents;

    use super::divide;

    #[test]
    fn what_is_divided_adds_up() {
        for (points, weights, expected) in [
            (1_000, vec![1.0, 1.0, 1.0], vec![334, 333, 333]),
            (350, vec![2.0, 5.0], vec![100, 250]),
            (1, vec![1.0, 2.0], vec![0, 1]),
            (29, vec![0.1, 0.2], vec![10, 19]),
            (500, vec![], vec![]),
        ] {
            let expected: Vec<Cents> = expected.into_iter().map(Cents).collect();
            assert_eq!(divide(Cents(points), weights.into_iter()), expected);
        }
    }
}
