//! How a grade is told: every number, and every point that is missing.
//!
//! Nothing is claimed that the book does not have. Texts of students and of people are in it
//! as they were; whoever writes it down uses the sink of the place.

mod missing;
pub(crate) mod otherwise;
pub(crate) mod record;

use grader::losses::{Loss, losses};
use grader::result::TraceResult;
use grader::standing::Standing;
use roster::cost::Cents;
use serde::Serialize;
use verdict::end::End;

use crate::dossier::Dossier;

use self::missing::{runs_of, told};
use self::otherwise::otherwise;
use self::record::{attempts, graded_with, other_gradings};

/// Version of the JSON form.
pub const SCHEMA: &str = "faultline.explain/1";

/// A grade, told.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Whose.
    pub student: String,
    /// How the submission ended.
    pub end: End,
    /// What there is to say of the whole submission.
    pub message: String,
    /// What the student gets.
    pub standing: Standing,
    /// How that comes about, step by step.
    pub steps: Vec<String>,
    /// Everything that was handed in, a line each.
    pub attempts: Vec<String>,
    /// What it was graded with, by name.
    pub graded_with: Vec<(&'static str, String)>,
    /// What it came to in other gradings, a line each.
    pub other_gradings: Vec<String>,
    /// How many points are missing, which is what all losses come to together.
    pub lost: f64,
    /// Where they went; none if a trace is asked for.
    pub losses: Vec<Lost>,
    /// All runs of the trace that is asked for.
    pub runs: Vec<Told>,
    /// What would make it different.
    pub otherwise: Vec<String>,
}

/// Points that are missing in one place.
#[derive(Clone, Debug, Serialize)]
pub struct Lost {
    /// Where, and how many.
    pub what: String,
    /// How many.
    pub points: f64,
    /// How the points follow from the runs, or why there are none.
    pub because: String,
    /// What cost them.
    pub runs: Vec<Told>,
}

/// A run, told; or several that came to the same.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// Which run: lab, part, trace, and how it ended.
    pub what: String,
    /// What it cost, and how much it counts; empty if that is not told.
    pub counts: String,
    /// Other traces of the part that came to the very same.
    pub also: Vec<String>,
    /// The observation, the rule, and what else there is to say, as students read it.
    pub lines: Vec<String>,
}

/// A trace, as people write it: `lab5/cow-03`, `5/cow-03` or `cow-03`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceName {
    lab: Option<u8>,
    name: String,
}

/// The submission has no run of a trace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no run of a trace `{name}` is told of\nhelp: {help}")]
pub struct NoTrace {
    /// What was asked for.
    name: String,
    /// What there is.
    help: String,
}

impl TraceName {
    /// Reads a name.
    pub fn new(text: &str) -> Self {
        let number = |lab: &str| lab.strip_prefix("lab").unwrap_or(lab).parse().ok();
        let parts = text.split_once('/');
        match parts.and_then(|(lab, name)| Some((number(lab)?, name))) {
            Some((lab, name)) => Self {
                lab: Some(lab),
                name: name.to_owned(),
            },
            None => Self {
                lab: None,
                name: text.to_owned(),
            },
        }
    }

    fn is_of(&self, trace: &TraceResult) -> bool {
        trace.name == self.name && self.lab.is_none_or(|lab| lab == trace.lab)
    }
}

impl Explanation {
    /// Tells a grade; of one trace, where one is asked for.
    ///
    /// # Errors
    ///
    /// If there is no run of the trace.
    pub fn new(dossier: &Dossier, trace: Option<&TraceName>) -> Result<Self, NoTrace> {
        let submission = dossier.submission();
        let standing = submission
            .standing
            .clone()
            .unwrap_or_else(|| unreachable!("is set"));
        let all = losses(submission);
        let lost: Cents = all.iter().map(Loss::points).sum();
        let runs = trace.map(|trace| runs_of(submission, trace)).transpose()?;
        let asked_for_all = trace.is_none();
        Ok(Self {
            schema: SCHEMA,
            student: submission.id.clone(),
            end: submission.end,
            message: submission.message.clone(),
            steps: standing.told(),
            attempts: attempts(dossier),
            graded_with: graded_with(dossier),
            other_gradings: other_gradings(dossier),
            lost: lost.points(),
            losses: match asked_for_all {
                true => all
                    .iter()
                    .map(|loss| told(loss, dossier.feedback))
                    .collect(),
                false => Vec::new(),
            },
            runs: runs.unwrap_or_default(),
            otherwise: match asked_for_all {
                true => otherwise(dossier, &standing, lost),
                false => Vec::new(),
            },
            standing,
        })
    }
}
