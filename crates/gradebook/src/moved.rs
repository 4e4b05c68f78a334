//! Who has other points than before, and why: two gradings of a class, compared.

use std::collections::BTreeMap;

use grader::result::{SubmissionResult, TraceResult};
use roster::cost::Cents;
use verdict::end::End;

use crate::explanation::record::differences;
use crate::key::Conditions;

/// A class, as it was graded once.
#[derive(Clone, Copy, Debug)]
pub struct Graded<'a> {
    /// With what.
    pub conditions: &'a Conditions,
    /// What each came to.
    pub results: &'a [SubmissionResult],
}

/// A student for whom something is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Who.
    pub student: String,
    /// The points before; none if there were none for a fault of ours.
    pub before: Option<Cents>,
    /// The points after.
    pub after: Option<Cents>,
    /// The runs that ended otherwise.
    pub runs: Vec<Changed>,
    /// Why.
    pub why: Why,
}

/// A run that ended otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The lab.
    pub lab: u8,
    /// The part.
    pub part: String,
    /// The trace.
    pub trace: String,
    /// How it ended before; none if it was not run.
    pub before: Option<End>,
    /// How it ends now.
    pub after: Option<End>,
}

/// Why something is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Something else was handed in.
    OtherSource,
    /// It was not graded, or is not, for a fault of ours.
    NotGraded,
    /// These are other ones: traces or keys, compiler, policy.
    Conditions(Vec<&'static str>),
    /// Nothing is different, and yet it comes to something else: chance plays a part.
    Unsteady,
}

impl Moved {
    /// Whether points are different, and not only how they came about.
    pub fn has_other_points(&self) -> bool {
        self.before != self.after
    }
}

/// The students for whom something is different, of those that are in both.
pub fn moved(before: Graded<'_>, after: Graded<'_>) -> Vec<Moved> {
    let now: BTreeMap<&str, &SubmissionResult> = after
        .results
        .iter()
        .map(|it| (it.id.as_str(), it))
        .collect();
    let pairs = before
        .results
        .iter()
        .filter_map(|was| Some((was, *now.get(was.id.as_str())?)));
    let differs = differences(before.conditions, after.conditions);
    pairs
        .filter_map(|(was, is)| compare(was, is, &differs))
        .collect()
}

fn compare(
    was: &SubmissionResult,
    is: &SubmissionResult,
    differs: &[&'static str],
) -> Option<Moved> {
    let (before, after) = (points(was), points(is));
    let runs = changed(was, is);
    let same_max = Cents::of(was.max) == Cents::of(is.max);
    let is_same = before == after && was.end == is.end && same_max && runs.is_empty();
    (!is_same).then(|| Moved {
        student: was.id.clone(),
        before,
        after,
        why: why(was, is, &runs, differs),
        runs,
    })
}

fn points(result: &SubmissionResult) -> Option<Cents> {
    let was_graded = result.end != End::NotGraded || result.max > 0.0;
    was_graded.then(|| Cents::of(result.score))
}

fn why(
    was: &SubmissionResult,
    is: &SubmissionResult,
    runs: &[Changed],
    differs: &[&'static str],
) -> Why {
    let ours = |end: &Option<End>| *end == Some(End::NotGraded);
    if was.source != is.source {
        Why::OtherSource
    } else if !differs.is_empty() {
        Why::Conditions(differs.to_vec())
    } else if [was.end, is.end].contains(&End::NotGraded)
        || runs.iter().any(|run| ours(&run.before) || ours(&run.after))
    {
        Why::NotGraded
    } else {
        Why::Unsteady
    }
}

/// The runs that ended otherwise, or are in one of the two alone.
fn changed(was: &SubmissionResult, is: &SubmissionResult) -> Vec<Changed> {
    type Ends = (Option<End>, Option<End>);
    let key = |trace: &TraceResult| (trace.lab, trace.part.clone(), trace.name.clone());
    let mut ends: BTreeMap<(u8, String, String), Ends> = BTreeMap::new();
    for trace in &was.traces {
        ends.entry(key(trace)).or_default().0 = Some(trace.end);
    }
    for trace in &is.traces {
        ends.entry(key(trace)).or_default().1 = Some(trace.end);
    }
    let other = ends
        .into_iter()
        .filter(|(_, (before, after))| before != after);
    let other = other.map(|((lab, part, trace), (before, after))| Changed {
        lab,
        part,
        trace,
        before,
        after,
    });
    other.collect()
}
