//! What is known of a class in the end, and its JSON form.

use course::feedback::Feedback;
use sandbox::tier::Tier;
use scan::Flag;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use verdict::end::End;
use verdict::explanation::Explanation;

use crate::intake::hash::SourceHash;
use crate::standing::Standing;

/// Version of the JSON form; it grows when a field changes its meaning.
pub const SCHEMA: &str = "faultline.grade/1";

/// The results of a class.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClassResult {
    /// [`SCHEMA`].
    pub schema: String,
    /// The submissions, by name.
    pub submissions: Vec<SubmissionResult>,
    /// The sandbox that all student code ran in: the weakest of all runs; none if there
    /// were no runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<SandboxResult>")]
    pub sandbox: Option<Tier>,
    /// The sandbox that all sources were compiled in; none if none was compiled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<SandboxResult>")]
    pub compiler_sandbox: Option<Tier>,
}

/// The layers of a sandbox.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "the form of `Tier`, for the schema")]
struct SandboxResult {
    /// Limits on time, memory and the number of everything.
    limits: bool,
    /// A user that owns nothing. Only a grader that is root can give one.
    user: bool,
    /// The ABI of landlock, which forbids all files; 0 for none.
    landlock: u32,
    /// seccomp, which forbids all system calls but a few.
    seccomp: bool,
}

/// The weakest sandbox of some runs; none if nothing was run.
pub fn weakest(tiers: impl IntoIterator<Item = Option<Tier>>) -> Option<Tier> {
    tiers.into_iter().flatten().reduce(Tier::weaker)
}

/// The result of a submission.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SubmissionResult {
    /// Whose.
    pub id: String,
    /// How it ended.
    pub end: End,
    /// Its points.
    pub score: f64,
    /// The most that it could get.
    pub max: f64,
    /// What the student gets for it: who reports it has asked a gradebook. None in what the
    /// grader itself finds out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
    /// What there is to say of the whole submission: the compiler's words, or why
    /// it was refused.
    pub message: String,
    /// What was graded: SHA-256 over names and contents of all files that were taken.
    /// None if the submission was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceHash>,
    /// What was ignored of the submission.
    pub ignored: Vec<String>,
    /// What an instructor may want to look at in the source: evidence, and no verdict.
    pub flags: Vec<Flag>,
    /// Sealed traces whose points are in neither number: they are counted later.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sealed: usize,
    /// Its labs.
    pub labs: Vec<LabResult>,
    /// Its runs: each trace once for each hole that it exercises, and once with all
    /// of the student's methods.
    pub traces: Vec<TraceResult>,
    /// The sandbox that its code ran in: the weakest of its runs; none if it did not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<SandboxResult>")]
    pub sandbox: Option<Tier>,
    /// The sandbox that its source was compiled in; none if it was not compiled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<SandboxResult>")]
    pub compiler_sandbox: Option<Tier>,
}

/// The points of a lab.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LabResult {
    /// Its number.
    pub number: u8,
    /// Its title.
    pub title: String,
    /// Its points.
    pub score: f64,
    /// The most that it gives.
    pub max: f64,
    /// Its parts: each hole by itself, and all together.
    pub parts: Vec<PartResult>,
}

/// The points of a hole, or of all methods together.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PartResult {
    /// The hole's name, or `integration`.
    pub name: String,
    /// The concept behind it.
    pub concept: String,
    /// How it ended.
    pub end: End,
    /// Its points.
    pub score: f64,
    /// The most that it gives.
    pub max: f64,
    /// How much of both comes from sealed traces.
    #[serde(skip)]
    pub sealed: Points,
    /// What its points are the sum of: each run that was graded. Whoever keeps results writes
    /// them down; in a report they would tell what hidden traces there are.
    #[serde(skip)]
    pub shares: Vec<Share>,
}

/// How much a run counts in its part, and how much of that it earned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The trace.
    pub trace: String,
    /// How much it counts among the others of the part.
    pub weight: f64,
    /// How much of that was earned, from 0 to 1.
    pub earned: f64,
}

/// Points, and the most that they could be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    /// The points.
    pub score: f64,
    /// The most that they could be.
    pub max: f64,
}

/// The result of a run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TraceResult {
    /// The lab.
    pub lab: u8,
    /// The trace.
    pub name: String,
    /// Whether students have the trace.
    pub public: bool,
    /// How much is told of it here; in what the grader knows itself, how much may be.
    pub feedback: Feedback,
    /// What a student may be told of a trace that they do not have.
    pub category: String,
    /// The hole that was graded by itself, or `integration`.
    pub part: String,
    /// How it ended.
    pub end: End,
    /// What there is to say of the end.
    pub message: String,
    /// The line of the student's code that is to blame, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The first difference to what Linux does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<DifferenceResult>,
    /// What is told of the first difference where not all of it may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<ToldResult>,
    /// A hint for the hole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// The first difference between a run and its key.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DifferenceResult {
    /// The line of the trace; 0 for its end.
    pub line: u64,
    /// The event.
    pub event: String,
    /// What differs: the class of the fault, a value, …
    pub what: String,
    /// The oracle's letter: K, V, G, S, I, T or C.
    pub oracle: char,
    /// What Linux does.
    pub expected: String,
    /// What the submission does.
    pub got: String,
    /// What the kernel looks at there.
    pub explanation: Explanation,
}

/// What a student is told of a difference in a trace that they do not have.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ToldResult {
    /// The rule that decides there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// What Linux does, by its class or signal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What the submission does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub got: Option<String>,
}

/// Most submissions have no sealed traces.
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl SubmissionResult {
    /// The first failed run, which is what a student should look at first: one whose
    /// trace they have, a hole by itself before all together, an early lab before a later
    /// one.
    pub fn first_failure(&self) -> Option<&TraceResult> {
        let failed = || self.traces.iter().filter(|trace| trace.end != End::Passed);
        let worse_than_unwritten = |trace: &&TraceResult| trace.end != End::NotWritten;
        let tells = |trace: &&TraceResult| trace.feedback == Feedback::Full;
        failed()
            .filter(tells)
            .find(worse_than_unwritten)
            .or_else(|| failed().find(worse_than_unwritten))
            .or_else(|| failed().next())
    }
}
