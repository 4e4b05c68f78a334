//! What results are worth.

use course::feedback::Feedback;
use sandbox::tier::Tier;
use verdict::end::End;

use crate::prepared::{Part, PreparedLab, PreparedTrace};
use crate::result::{LabResult, PartResult, Points, Share, TraceResult};

/// A result, and how much it counts among those of its part.
#[derive(Debug)]
pub struct Weighed {
    /// How much it counts.
    pub weight: f64,
    /// How much of the weight was earned, from 0 to 1.
    pub earned: f64,
    /// The result.
    pub result: TraceResult,
    /// The layers of the sandbox that student code ran in, if it ran.
    pub tier: Option<Tier>,
}

impl Weighed {
    /// All or nothing: who passed has earned it.
    pub fn new(weight: f64, result: TraceResult) -> Self {
        let earned = if result.end == End::Passed { 1.0 } else { 0.0 };
        Self {
            weight,
            earned,
            result,
            tier: None,
        }
    }

    fn share(&self) -> Share {
        Share {
            trace: self.result.name.clone(),
            weight: self.weight,
            earned: self.earned,
        }
    }
}

impl PreparedLab {
    /// Points: each part's share of the weight that passed. Traces that were not
    /// graded for a fault of ours count neither way, and a part of which none was
    /// graded is not among the points that there are to get. Code that `came_to` an
    /// end before it ran gets nothing.
    pub(crate) fn score(&self, results: &[Weighed], came_to: Option<End>) -> LabResult {
        let part = |name: &str, concept: &str, max: f64, unrun: Option<End>| {
            let own = || {
                let graded = |r: &&Weighed| r.result.part == name && r.result.end != End::NotGraded;
                results.iter().filter(graded)
            };
            let earned: f64 = own().map(|r| r.weight * r.earned).sum();
            let all: f64 = own().map(|r| r.weight).sum();
            // What could not be graded at all counts for nobody.
            let (score, max) = if all > 0.0 {
                (round(max * earned / all), max)
            } else if unrun.is_some() {
                (0.0, max)
            } else {
                (0.0, 0.0)
            };
            let end = own().map(|r| r.result.end).min();
            let end = end.or(unrun).unwrap_or(End::NotGraded);
            PartResult {
                name: name.to_owned(),
                concept: concept.to_owned(),
                end,
                score,
                max,
                sealed: self.sealed_points(name, results, max),
                shares: own().map(Weighed::share).collect(),
            }
        };
        let holes = self
            .lab
            .holes
            .iter()
            .map(|h| part(h.hole.name(), &h.concept, h.points, came_to));
        let whole = (self.lab.integration_points > 0.0).then(|| {
            part(
                "integration",
                "all together",
                self.lab.integration_points,
                came_to,
            )
        });
        let exercises = self
            .lab
            .exercises
            .iter()
            .map(|e| part(e.kind.name(), &e.concept, e.points, None));
        let parts: Vec<PartResult> = holes.chain(whole).chain(exercises).collect();
        LabResult {
            number: self.lab.number,
            title: self.lab.title.clone(),
            score: round(parts.iter().map(|part| part.score).sum()),
            max: round(parts.iter().map(|part| part.max).sum()),
            parts,
        }
    }
}

/// Which points are sealed.
impl PreparedLab {
    pub(crate) fn sealed(&self) -> impl Iterator<Item = &PreparedTrace> {
        let sealed = |prepared: &&PreparedTrace| prepared.trace.feedback == Feedback::Sealed;
        self.traces.iter().filter(sealed)
    }

    /// How much of the points of a part comes from sealed traces: their share of the
    /// weight that was graded, or of all of it if nothing was.
    fn sealed_points(&self, part: &str, results: &[Weighed], max: f64) -> Points {
        if self.sealed().next().is_none() {
            return Points::default();
        }
        let is_sealed = |name: &str| self.sealed().any(|prepared| prepared.trace.name == name);
        let of_part = |prepared: &&PreparedTrace| {
            let mut holes = prepared.trace.holes.iter();
            part == Part::Integration.name() || holes.any(|hole| hole.name() == part)
        };
        let own = results.iter().filter(|r| r.result.part == part);
        let own: Vec<(f64, f64, bool)> = own
            .filter(|r| r.result.end != End::NotGraded)
            .map(|r| (r.weight, r.weight * r.earned, is_sealed(&r.result.name)))
            .collect();
        let registered = self.traces.iter().filter(of_part);
        let registered = registered.map(|p| (p.trace.weight, 0.0, is_sealed(&p.trace.name)));
        let own = match own.is_empty() {
            true => registered.collect(),
            false => own,
        };
        let all: f64 = own.iter().map(|(weight, ..)| weight).sum();
        let share = |of: fn(&(f64, f64, bool)) -> f64| {
            let sealed = own.iter().filter(|(.., sealed)| *sealed);
            match all > 0.0 {
                true => max * sealed.map(of).sum::<f64>() / all,
                false => 0.0,
            }
        };
        Points {
            score: share(|(_, earned, _)| *earned),
            max: share(|(weight, ..)| *weight),
        }
    }
}

/// Points have two decimals, and zero has no sign (the sum of nothing is -0).
pub(crate) fn round(points: f64) -> f64 {
    (points * 100.0).round() / 100.0 + 0.0
}
