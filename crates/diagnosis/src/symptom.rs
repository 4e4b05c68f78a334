//! What is seen of a kernel on a trace.

use std::collections::BTreeMap;

use audit::trial::Exposure;
use grader::result::{SubmissionResult, TraceResult};
use verdict::end::End;
use vmsim::handlers::Hole;

/// Which trace: its lab and its name, which is unique there.
pub type TraceName = (u8, String);

/// How a run went wrong. Not what it said: panics differ in their words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symptom {
    /// How it ended.
    pub end: End,
    /// Where it first differs, and in what; none if it does not.
    pub difference: Option<Seen>,
}

/// A first difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The line of the trace.
    pub line: u64,
    /// The oracle's letter.
    pub oracle: char,
    /// What the kernel should have come to.
    pub expected: String,
    /// What it came to.
    pub got: String,
}

/// What is seen of a kernel on the traces of a hole, where it goes wrong.
pub type Symptoms = BTreeMap<TraceName, Symptom>;

impl Symptom {
    fn of_run(run: &TraceResult) -> Self {
        let seen = run.difference.as_ref().map(|difference| Seen {
            line: difference.line,
            oracle: difference.oracle,
            expected: difference.expected.clone(),
            got: without_place(&difference.got).to_owned(),
        });
        Self {
            end: run.end,
            difference: seen,
        }
    }

    /// What is seen of a mutant.
    pub fn of_exposure(exposure: &Exposure) -> Self {
        let seen = exposure.oracle.map(|oracle| Seen {
            line: exposure.line,
            oracle: oracle.letter(),
            expected: exposure.expected.clone(),
            got: without_place(&exposure.got).to_owned(),
        });
        Self {
            end: exposure.end,
            difference: seen,
        }
    }
}

/// What was seen without the line of the handler: `… is leaked at labs/solution/src/lab2.rs:25`.
fn without_place(text: &str) -> &str {
    let is_place = |place: &str| {
        let line = place.rsplit_once(".rs:").map(|(_, line)| line);
        line.is_some_and(|line| line.bytes().all(|digit| digit.is_ascii_digit()))
    };
    match text.rsplit_once(" at ") {
        Some((what, place)) if is_place(place) => what,
        _ => text,
    }
}

/// What is seen of a submission in a hole that somebody wrote. None if nothing is wrong
/// there, or if a run could not be made.
pub fn of_submission(submission: &SubmissionResult, hole: Hole) -> Option<Symptoms> {
    let runs = || {
        submission
            .traces
            .iter()
            .filter(|run| run.part == hole.name())
    };
    let says_nothing = |run: &TraceResult| matches!(run.end, End::NotWritten | End::NotGraded);
    if runs().any(says_nothing) {
        return None;
    }
    let failed = runs().filter(|run| run.end != End::Passed);
    let symptoms = failed.map(|run| ((run.lab, run.name.clone()), Symptom::of_run(run)));
    let symptoms: Symptoms = symptoms.collect();
    (!symptoms.is_empty()).then_some(symptoms)
}

#[cfg(test)]
mod tests {
    use super::without_place;

    #[test]
    fn whose_line_it_is_makes_no_difference() {
        let leaked = "a frame is leaked: neither mapped nor put back";
        assert_eq!(
            without_place(&format!("{leaked} at labs/skeleton/src/lab2.rs:25")),
            leaked
        );
        assert_eq!(without_place("looked at the page"), "looked at the page");
        assert_eq!(without_place(""), "");
    }
}
