//! Skeleton, reference, other correct solutions and shortcuts get what they deserve,
//! through the pipeline that students' submissions go through.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use grader::class;
use grader::grade::Grader;
use grader::intake::{self, Submission};
use grader::result::{PartResult, SubmissionResult};
use verdict::end::End;

use super::Course;
use crate::finding::{Finding, shown};

const CHECK: &str = "submissions";

/// The share of a lab's points below which a shortcut must stay. Who evicts whatever
/// comes next is right where no page was used again, and gets a twelfth of lab 8; a lab
/// that gives more has traces that ask too little.
pub const SHORTCUT_SHARE_MAX: f64 = 0.12;

/// Where the submissions are, below the workspace's root.
const SKELETON: &str = "labs/skeleton/src";
const REFERENCE: &str = "labs/solution/src";
const ALTERNATIVES: &str = "grader/alternatives";
const SHORTCUTS: &str = "grader/shortcuts";

/// What a submission must get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deserves {
    /// Nothing at all: each part is not written yet.
    Nothing,
    /// All points for code.
    Everything,
    /// Less than [`SHORTCUT_SHARE_MAX`] of any lab.
    Little,
}

/// A submission of ours, and what it must get.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// It.
    pub submission: Submission,
    /// What it must get.
    pub deserves: Deserves,
}

/// All of our submissions in a workspace.
pub fn candidates(root: &Path) -> Vec<Candidate> {
    let one = |folder: &str, id: &str| Submission {
        id: id.to_owned(),
        path: root.join(folder),
    };
    let of = |deserves| {
        move |submission| Candidate {
            submission,
            deserves,
        }
    };
    let all_in = |folder: &str| intake::find(&root.join(folder)).unwrap_or_default();
    let mut all = vec![
        of(Deserves::Nothing)(one(SKELETON, "skeleton")),
        of(Deserves::Everything)(one(REFERENCE, "solution")),
    ];
    all.extend(
        all_in(ALTERNATIVES)
            .into_iter()
            .map(of(Deserves::Everything)),
    );
    all.extend(all_in(SHORTCUTS).into_iter().map(of(Deserves::Little)));
    all
}

/// Grades our submissions, `jobs` at a time, and tells what is wrong with the
/// results. `done` is told of each, and may break off between them.
pub fn check(
    course: &Course,
    grader: &Grader,
    candidates: &[Candidate],
    jobs: usize,
    mut done: impl FnMut(&SubmissionResult) -> ControlFlow<()>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for some in candidates.chunks(jobs.max(1)) {
        let submissions: Vec<Submission> = some.iter().map(|c| c.submission.clone()).collect();
        let mut flow = ControlFlow::Continue(());
        let results = class::grade(grader, &submissions, jobs, |result| {
            if flow.is_continue() {
                flow = done(result);
            }
        });
        for (candidate, result) in some.iter().zip(&results.submissions) {
            found.extend(judge(course, candidate, result));
        }
        if flow.is_break() {
            break;
        }
    }
    found
}

/// What is wrong with what a submission of ours got.
fn judge(course: &Course, candidate: &Candidate, result: &SubmissionResult) -> Vec<Finding> {
    let place = Place {
        root: &course.root,
        folder: &candidate.submission.path,
        id: &candidate.submission.id,
    };
    // Ends are ordered: this one and those before it say nothing about the code.
    if result.end <= End::CompileLimit {
        let what = format!("{}: {}", result.end, why_it_ended(result));
        return vec![place.finding(0, what, "make it a submission that can be graded")];
    }
    let mut found = Vec::new();
    for lab in &result.labs {
        let mut told = |what: String, help: &str| found.push(place.finding(lab.number, what, help));
        for part in &lab.parts {
            match candidate.deserves {
                Deserves::Nothing if part.score > 0.0 || part.end != End::NotWritten => {
                    told(
                        points(part),
                        "the skeleton must get nothing, and be told why",
                    );
                }
                Deserves::Everything if !handed_in_apart(course, part) && part.score < part.max => {
                    let help = "it is right: mend the trace or its key, or the submission";
                    told(points(part) + &first_lost(result, lab.number, part), help);
                }
                _ => {}
            }
        }
        if candidate.deserves == Deserves::Little && lab.score >= SHORTCUT_SHARE_MAX * lab.max {
            let (score, max) = (lab.score, lab.max);
            let what = format!("gets {score:.2} of {max} points of lab {}", lab.number);
            let help = "add traces in which it is wrong: others pass without having understood";
            told(what, help);
        }
    }
    found
}

/// Exercises are no code, and our submissions hand none in.
fn handed_in_apart(course: &Course, part: &PartResult) -> bool {
    let labs = course.catalogue.labs.iter();
    let mut exercises = labs.flat_map(|lab| &lab.exercises);
    exercises.any(|exercise| exercise.kind.name() == part.name)
}

fn points(part: &PartResult) -> String {
    let PartResult {
        name,
        score,
        max,
        end,
        ..
    } = part;
    format!("`{name}` gets {score:.2} of {max} points ({end})")
}

/// Where the first of the missing points was lost.
fn first_lost(result: &SubmissionResult, lab: u8, part: &PartResult) -> String {
    let of_part = |trace: &&grader::result::TraceResult| {
        trace.lab == lab && trace.part == part.name && trace.end != End::Passed
    };
    let Some(trace) = result.traces.iter().find(of_part) else {
        return String::new();
    };
    let place = match &trace.difference {
        Some(difference) => format!(
            " line {}, {}: expected `{}`, got `{}`",
            difference.line, difference.what, difference.expected, difference.got
        ),
        None => format!(" {}", first_line(&trace.message)),
    };
    format!("; first in the trace `{}`:{place}", trace.name)
}

/// What is said of the submission, or else of the trace that ended so.
fn why_it_ended(result: &SubmissionResult) -> &str {
    let traces = result.traces.iter().filter(|trace| trace.end == result.end);
    let said = traces.map(|trace| trace.message.as_str());
    let mut said = std::iter::once(result.message.as_str()).chain(said);
    first_line(said.find(|said| !said.is_empty()).unwrap_or_default())
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Where a submission of ours is.
struct Place<'a> {
    root: &'a Path,
    folder: &'a PathBuf,
    id: &'a str,
}

impl Place<'_> {
    fn finding(&self, lab: u8, what: String, help: &str) -> Finding {
        Finding {
            lab,
            check: CHECK,
            file: shown(self.root, self.folder),
            what: format!("{}: {what}", self.id),
            help: help.to_owned(),
        }
    }
}
