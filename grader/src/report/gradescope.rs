//! Results as Gradescope's `results.json`, for one submission.
//!
//! The form is that of Gradescope's "Autograder Specifications". A test for each part of
//! each lab, `2.1` for the first of lab 2, because points are given to parts; what is
//! said of a part's runs is what [`ShownResult`](crate::feedback::ShownResult) has left, so
//! that the file has nothing that its student may not read:
//!
//! | level of a hidden trace | in `results.json` |
//! |---|---|
//! | `full`, `divergence`, `category`, `verdict` | in the test's output, as much as the level tells |
//! | `points` | in the test's score alone |
//! | `sealed` | nowhere: how many there are is said, and they are counted later |
//!
//! When the tests are seen at all is Gradescope's to say ([`Visibility`]). It hides the
//! total from students as long as it hides a test, so the points that may be seen stand
//! in `output`, too.
//!
//! What could not be graded has neither a score nor tests. Gradescope then reports an
//! error of the autograder, and gives nobody a zero.

use std::collections::BTreeMap;

use course::feedback::Feedback;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use verdict::end::End;

use super::sink::{json, terminal, visible};
use super::standing;
use super::text::{explain_trace, name_of};
use crate::feedback::ShownSubmission;
use crate::result::{LabResult, PartResult, SubmissionResult, TraceResult};

/// Runs of a part that failed and are explained; a student repairs one at a time.
const EXPLAINED_MAX: usize = 3;

/// Lines of a compiler's message that are shown.
const MESSAGE_LINES: usize = 60;

/// `results.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Results {
    /// What the student gets: in the place of the sum of all tests. Only where that is
    /// another number, as after a late penalty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// What is said of the whole submission.
    pub output: String,
    /// How `output` is to be read.
    pub output_format: Format,
    /// Who sees what the autograder printed.
    pub stdout_visibility: Visibility,
    /// When the tests are seen that do not say so themselves.
    pub visibility: Visibility,
    /// The tests; none if nothing was graded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<Test>,
    /// Places on the assignment's leaderboard.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaderboard: Vec<Place>,
    /// What Gradescope keeps and shows nobody.
    pub extra_data: BTreeMap<String, String>,
}

/// A test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Test {
    /// Its points.
    pub score: f64,
    /// The most that it gives.
    pub max_score: f64,
    /// Whether everything in it is right.
    pub status: Status,
    /// Its name.
    pub name: String,
    /// What it is sorted by: `2.1`.
    pub number: String,
    /// What is said of it.
    pub output: String,
    /// How `output` is to be read.
    pub output_format: Format,
    /// The concept, and the lab.
    pub tags: Vec<String>,
    /// When it is seen.
    pub visibility: Visibility,
}

/// A place on a leaderboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// What is compared.
    pub name: String,
    /// The value of this submission.
    pub value: f64,
    /// Which end is up.
    pub order: Order,
}

/// Which end of a leaderboard is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// The smallest value.
    Asc,
    /// The largest value.
    Desc,
}

/// How Gradescope marks a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Green.
    Passed,
    /// Red.
    Failed,
}

/// How Gradescope reads a text. What a student wrote is never anything but text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// As it stands, with its line breaks.
    Text,
}

/// When Gradescope shows something to students; instructors always see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// At once.
    #[default]
    Visible,
    /// When the assignment is due.
    AfterDueDate,
    /// When somebody publishes the grades.
    AfterPublished,
    /// Never.
    Hidden,
}

/// What an instructor decides about the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// When the tests of parts are seen. Whether it compiles is seen at once.
    pub parts: Visibility,
    /// What the leaderboard compares.
    pub ranked: Ranked,
}

/// What a leaderboard compares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ranked {
    /// There is none.
    #[default]
    Nothing,
    /// The points.
    Points,
}

/// A submission's results, for Gradescope.
pub fn results(shown: ShownSubmission<'_>, wish: Wish) -> Results {
    let submission = shown.submission();
    let mut extra_data = BTreeMap::from([("grader".to_owned(), GRADER.to_owned())]);
    let source = submission.source.map(|hash| hash.to_string());
    extra_data.extend(source.map(|hash| ("source_sha256".to_owned(), hash)));
    extra_data.insert("end".to_owned(), submission.end.to_string());
    let mut results = Results {
        score: None,
        output: visible::lines(&output(submission, wish)),
        output_format: Format::Text,
        stdout_visibility: Visibility::Hidden,
        visibility: Visibility::Visible,
        tests: Vec::new(),
        leaderboard: Vec::new(),
        extra_data,
    };
    if !is_graded(submission) {
        return results;
    }
    results.tests.push(whole(submission));
    for lab in &submission.labs {
        let parts = lab.parts.iter().zip(1..);
        let test = |(part, number)| test(submission, lab, part, number, wish);
        results.tests.extend(parts.map(test));
    }
    let gets = submission.standing.as_ref().and_then(|it| it.points);
    results.score = gets.filter(|points| *points != submission.score);
    if wish.ranked == Ranked::Points {
        results.leaderboard.push(Place {
            name: "points".to_owned(),
            value: gets.unwrap_or(submission.score),
            order: Order::Desc,
        });
    }
    results
}

/// The same as a file.
///
/// # Errors
///
/// If it cannot be written as JSON.
pub fn file(shown: ShownSubmission<'_>, wish: Wish) -> serde_json::Result<String> {
    json::pretty(&results(shown, wish))
}

/// A file that says why there is no result: before grading begins, and if it cannot.
///
/// # Errors
///
/// If it cannot be written as JSON.
pub fn no_result(why: &str) -> serde_json::Result<String> {
    json::pretty(&Results {
        score: None,
        output: visible::lines(why),
        output_format: Format::Text,
        stdout_visibility: Visibility::Hidden,
        visibility: Visibility::Visible,
        tests: Vec::new(),
        leaderboard: Vec::new(),
        extra_data: BTreeMap::from([("grader".to_owned(), GRADER.to_owned())]),
    })
}

/// Which grader it was, in what Gradescope keeps.
const GRADER: &str = concat!("faultline ", env!("CARGO_PKG_VERSION"));

/// Whether there is anything to give points for. A standing without points says that
/// there is not, whatever parts of it could be graded.
fn is_graded(submission: &SubmissionResult) -> bool {
    let standing = submission.standing.as_ref();
    submission.end != End::NotGraded && standing.is_none_or(|it| it.points.is_some())
}

/// What is said before all tests.
fn output(submission: &SubmissionResult, wish: Wish) -> String {
    let mut said = Vec::new();
    if !is_graded(submission) {
        said.push(match submission.sealed {
            0 => NOT_GRADED.to_owned(),
            _ => "Nothing is counted yet: all traces are sealed.".to_owned(),
        });
    } else if wish.parts == Visibility::Visible {
        let SubmissionResult { score, max, .. } = submission;
        said.push(format!(
            "{score:.2} of {max} points for what is shown here."
        ));
    } else {
        said.push("The points are shown later.".to_owned());
    }
    if submission.sealed > 0 {
        let count = submission.sealed;
        let noun = if count == 1 { "trace is" } else { "traces are" };
        said.push(format!("{count} sealed {noun} counted later."));
    }
    said.extend(submission.standing.iter().flat_map(standing::lines));
    if !submission.ignored.is_empty() {
        let names = submission.ignored.iter().map(|name| terminal::line(name));
        let names: Vec<String> = names.collect();
        said.push(format!("Ignored, not a handler file: {}", names.join(", ")));
    }
    said.join("\n")
}

/// Said where points would be a lie.
const NOT_GRADED: &str = "This submission was not graded. That is no fault of yours, and no zero: \
                          your instructor can have it graded again.";

/// What comes before all traces: whether it was accepted, and compiles.
fn whole(submission: &SubmissionResult) -> Test {
    let before = [End::Refused, End::DoesNotCompile, End::CompileLimit];
    let is_lost = before.contains(&submission.end);
    let mut output = terminal::quoted(&submission.message, MESSAGE_LINES);
    if is_lost {
        output.insert(0, submission.end.to_string());
    }
    Test {
        score: 0.0,
        // Without labs there is nothing else that could say how many points there were.
        max_score: match submission.labs.is_empty() {
            true => submission.max,
            false => 0.0,
        },
        status: status(!is_lost),
        name: "is accepted and compiles".to_owned(),
        number: "0.1".to_owned(),
        output: visible::lines(&output.join("\n")),
        output_format: Format::Text,
        tags: vec!["compiler".to_owned()],
        visibility: Visibility::Visible,
    }
}

fn test(
    submission: &SubmissionResult,
    lab: &LabResult,
    part: &PartResult,
    number: usize,
    wish: Wish,
) -> Test {
    let own = |trace: &&TraceResult| trace.lab == lab.number && trace.part == part.name;
    let runs: Vec<&TraceResult> = submission.traces.iter().filter(own).collect();
    let name = format!("Lab {}, {}: {}", lab.number, lab.title, part.name);
    Test {
        score: part.score,
        max_score: part.max,
        status: status(part.end == End::Passed),
        name: terminal::line(&name),
        number: format!("{}.{number}", lab.number),
        output: visible::lines(&told(part, &runs)),
        output_format: Format::Text,
        tags: vec![terminal::line(&part.concept), format!("lab {}", lab.number)],
        visibility: wish.parts,
    }
}

fn status(is_right: bool) -> Status {
    match is_right {
        true => Status::Passed,
        false => Status::Failed,
    }
}

/// How a part's runs ended, and what there is to say of the first that failed: public
/// ones before others, for the student has their traces.
fn told(part: &PartResult, runs: &[&TraceResult]) -> String {
    let passed = runs.iter().filter(|run| run.end == End::Passed).count();
    let mut said = vec![match runs.len() {
        0 => part.end.to_string(),
        all => format!("{passed} of {all} runs that may be told of are right"),
    }];
    let mut failed: Vec<&&TraceResult> = runs.iter().filter(|it| it.end != End::Passed).collect();
    failed.sort_by_key(|run| (!run.public, run.feedback != Feedback::Full));
    for run in failed.iter().take(EXPLAINED_MAX) {
        said.push(name_of(run));
        let lines = explain_trace(run);
        said.extend(lines.lines().map(|line| format!("  {line}")));
    }
    let more = failed.len().saturating_sub(EXPLAINED_MAX);
    if more > 0 {
        said.push(format!("… and {more} more that failed"));
    }
    said.join("\n")
}
