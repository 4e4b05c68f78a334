//! Results as Classroom 50's `result.json`, for one submission.
//!
//! The form is `classroom50/result/v1`. Its points are integers, and ours have two
//! decimals: they are told in hundredths ([`SCALE`]), so that 71.5 of 100 points are 7150
//! of 10000, and nothing is rounded.
//!
//! Classroom 50 takes no result as a fault of the grader's, and never as a zero; so
//! there is none for what could not be graded.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use verdict::end::End;

use super::sink::{json, terminal, visible};
use super::text::explain_trace;
use crate::feedback::ShownSubmission;
use crate::result::{LabResult, PartResult, SubmissionResult};

/// The name of the form.
pub const SCHEMA: &str = "classroom50/result/v1";

/// How many of Classroom 50's points one of ours is.
pub const SCALE: f64 = 100.0;

/// Letters of what is said of a test: Classroom 50 cuts what its own tests print there.
const OUTPUT_LETTERS_MAX: usize = 2000;

/// Which submission it is: what Classroom 50 tells in the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// `CLASSROOM`.
    pub classroom: String,
    /// `ASSIGNMENT`.
    pub assignment: String,
    /// `ASSIGNMENT_TYPE`: `individual` or `group`.
    pub assignment_type: String,
    /// `OWNER`, or `USERNAME` before there was one.
    pub owner: String,
    /// `SUBMISSION_TAG`: `submit/2026-02-02T00-00-00Z-abc1234`.
    pub submission: String,
    /// `COMMIT_URL`.
    pub commit: String,
    /// `RELEASE_URL`.
    pub release: String,
    /// `REVIEW_URL`, or the commit.
    pub review: String,
}

/// `result.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// [`SCHEMA`].
    pub schema: String,
    /// The classroom's short name.
    pub classroom: String,
    /// The assignment's short name.
    pub assignment: String,
    /// `individual` or `group`.
    pub assignment_type: String,
    /// Whose repository it is.
    pub owner: String,
    /// The tag that was graded.
    pub submission: String,
    /// Where the commit is.
    pub commit: String,
    /// Where the release is.
    pub release: String,
    /// Where the difference to the start is.
    pub review: String,
    /// When it was handed in: never when it was graded.
    pub datetime: String,
    /// Hundredths of points.
    pub score: u64,
    /// Hundredths of the most that there are.
    #[serde(rename = "max-score")]
    pub max_score: u64,
    /// A test for each part of each lab.
    pub tests: Vec<Test>,
}

/// A test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Test {
    /// Its name.
    #[serde(rename = "test-name")]
    pub name: String,
    /// Whether everything in it is right.
    pub passed: bool,
    /// Hundredths of its points.
    pub score: u64,
    /// Hundredths of the most that it gives.
    #[serde(rename = "max-score")]
    pub max_score: u64,
    /// What there is to say of it.
    pub message: String,
}

/// There is no result.
#[derive(Debug, thiserror::Error)]
pub enum NoResult {
    /// For a fault of ours.
    #[error(
        "`{0}` was not graded\nhelp: a run that fails is no zero in Classroom 50; run it again"
    )]
    NotGraded(String),
    /// Nobody knows when it was handed in.
    #[error(
        "the tag `{0}` does not say when it was handed in\nhelp: Classroom 50 tells it in \
         SUBMISSION_TAG, as submit/2026-02-02T00-00-00Z-abc1234"
    )]
    NoTime(String),
    /// It cannot be written.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// A submission's result as a file.
///
/// # Errors
///
/// If it was not graded, or nobody knows when it was handed in.
pub fn file(shown: ShownSubmission<'_>, about: &About) -> Result<String, NoResult> {
    Ok(json::pretty(&outcome(shown, about)?)?)
}

/// A submission's result.
///
/// # Errors
///
/// If it was not graded, or nobody knows when it was handed in.
pub fn outcome(shown: ShownSubmission<'_>, about: &About) -> Result<Outcome, NoResult> {
    let submission = shown.submission();
    let gets = match &submission.standing {
        Some(standing) => standing.points,
        None => Some(submission.score),
    };
    let gets = gets.filter(|_| submission.end != End::NotGraded);
    let gets = gets.ok_or_else(|| NoResult::NotGraded(terminal::line(&submission.id)))?;
    let handed_in = submission.standing.as_ref().and_then(|it| it.at);
    let handed_in = handed_in.or_else(|| time_of(&about.submission));
    let handed_in = handed_in.ok_or_else(|| NoResult::NoTime(about.submission.clone()))?;
    let max_score = hundredths(submission.max);
    Ok(Outcome {
        schema: SCHEMA.to_owned(),
        classroom: about.classroom.clone(),
        assignment: about.assignment.clone(),
        assignment_type: about.assignment_type.clone(),
        owner: about.owner.clone(),
        submission: about.submission.clone(),
        commit: about.commit.clone(),
        release: about.release.clone(),
        review: about.review.clone(),
        datetime: handed_in.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        // Somebody may have given more points than there are; Classroom 50 takes no such
        // result at all.
        score: hundredths(gets).min(max_score),
        max_score,
        tests: tests(submission),
    })
}

/// The time in a tag, where colons cannot stand.
fn time_of(tag: &str) -> Option<Timestamp> {
    let stamp = tag.strip_prefix("submit/")?;
    let (date, time) = stamp.get(..TAG_LETTERS)?.split_once('T')?;
    format!("{date}T{}", time.replace('-', ":")).parse().ok()
}

/// Letters of a time in a tag: `2026-02-02T00-00-00Z`.
const TAG_LETTERS: usize = 20;

/// Points have two decimals, and are never less than none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "points are few and, here, not negative"
)]
fn hundredths(points: f64) -> u64 {
    (points.max(0.0) * SCALE).round() as u64
}

fn tests(submission: &SubmissionResult) -> Vec<Test> {
    let mut tests = vec![whole(submission)];
    for lab in &submission.labs {
        let test = |part| test(submission, lab, part);
        tests.extend(lab.parts.iter().map(test));
    }
    tests
}

fn whole(submission: &SubmissionResult) -> Test {
    let before = [End::Refused, End::DoesNotCompile, End::CompileLimit];
    Test {
        name: "is accepted and compiles".to_owned(),
        passed: !before.contains(&submission.end),
        score: 0,
        max_score: 0,
        message: cut(&terminal::quoted(&submission.message, usize::MAX).join("\n")),
    }
}

fn test(submission: &SubmissionResult, lab: &LabResult, part: &PartResult) -> Test {
    let failed = submission.traces.iter().find(|trace| {
        trace.lab == lab.number && trace.part == part.name && trace.end != End::Passed
    });
    let max_score = hundredths(part.max);
    Test {
        name: terminal::line(&format!("lab {}: {}", lab.number, part.name)),
        passed: part.end == End::Passed,
        score: hundredths(part.score).min(max_score),
        max_score,
        message: cut(&failed.map(explain_trace).unwrap_or_default()),
    }
}

fn cut(text: &str) -> String {
    visible::lines(&visible::cut(text, OUTPUT_LETTERS_MAX))
}
