//! What there is to tell of a run, fact by fact: all reports tell these, in this wording.
//!
//! What the student's process said is in it as it was: a report writes every text through
//! the [`sink`](super::sink) of the place that it ends up in.

use course::catalogue::ExerciseKind;
use course::feedback::Feedback;
use verdict::end::End;
use verdict::words::{self, Words};

use crate::result::{DifferenceResult, SubmissionResult, ToldResult, TraceResult};

/// What there is to tell of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account<'a> {
    /// What the trace is about, where the reader does not have it.
    pub about: Option<&'a str>,
    /// What there is to say of the end; empty for nothing.
    pub message: &'a str,
    /// The line of the student's code that is to blame.
    pub at: Option<&'a str>,
    /// The first difference.
    pub difference: Option<Observed>,
    /// What is told of the first difference where not all of it may be.
    pub told: Vec<(&'static str, &'a str)>,
    /// A hint.
    pub hint: Option<&'a str>,
}

/// The first difference between a run and its key, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The line of the trace and its event.
    pub place: String,
    /// What differs, and the oracle that saw it.
    pub what: String,
    /// What Linux does.
    pub expected: String,
    /// What the submission does.
    pub got: String,
    /// What such a difference means.
    pub meaning: Option<String>,
    /// What the kernel looks at there, a name and a fact each.
    pub facts: Vec<(&'static str, String)>,
}

impl<'a> Account<'a> {
    /// All that there is to tell of a run.
    pub fn of(trace: &'a TraceResult) -> Self {
        let is_partial = trace.feedback != Feedback::Full && !trace.category.is_empty();
        let told = trace.told.iter().flat_map(of_told);
        Self {
            about: is_partial.then_some(&*trace.category),
            message: &trace.message,
            at: trace.at.as_deref(),
            difference: trace.difference.as_ref().map(Observed::of),
            told: told.collect(),
            hint: trace.hint.as_deref().filter(|_| trace.end == End::Failed),
        }
    }
}

impl Observed {
    fn of(difference: &DifferenceResult) -> Self {
        let DifferenceResult {
            line,
            event,
            what,
            oracle,
            expected,
            got,
            explanation,
        } = difference;
        let told = words::oracle(*oracle).map(|oracle| words::words(oracle, expected, got));
        let Words {
            expected,
            got,
            meaning,
        } = told.unwrap_or_else(|| Words {
            expected: expected.clone(),
            got: got.clone(),
            meaning: None,
        });
        Self {
            place: words::place(*line, event),
            what: format!("{what} ({oracle})"),
            expected,
            got,
            meaning,
            facts: explanation.facts(),
        }
    }
}

/// What may be told of a trace that the reader does not have.
fn of_told(told: &ToldResult) -> impl Iterator<Item = (&'static str, &str)> {
    let facts = [
        ("what differs", &told.what),
        ("expected", &told.expected),
        ("got", &told.got),
        ("rule", &told.rule),
    ];
    let known = facts.into_iter();
    known.filter_map(|(name, fact)| Some((name, fact.as_deref()?)))
}

/// What a trace is called: a hidden one of lab 9 is a wrong kernel.
pub fn kind_of(trace: &TraceResult) -> &'static str {
    let is_kernel = !trace.public && trace.part == ExerciseKind::BreakIt.name();
    match (trace.public, is_kernel) {
        (true, _) => "public trace",
        (false, true) => "hidden kernel",
        (false, false) => "hidden trace",
    }
}

/// How many wrong kernels of each category a suite of traces exposed, and of how many.
pub fn exposed(submission: &SubmissionResult) -> Vec<(&str, usize, usize)> {
    let name = ExerciseKind::BreakIt.name();
    let is_kernel = |trace: &&TraceResult| trace.part == name && !trace.public;
    let mut categories: Vec<(&str, usize, usize)> = Vec::new();
    for trace in submission.traces.iter().filter(is_kernel) {
        let exposed = usize::from(trace.end == End::Passed);
        match categories
            .iter_mut()
            .find(|(name, ..)| *name == trace.category)
        {
            Some((_, some, all)) => (*some, *all) = (*some + exposed, *all + 1),
            None => categories.push((&trace.category, exposed, 1)),
        }
    }
    categories
}
