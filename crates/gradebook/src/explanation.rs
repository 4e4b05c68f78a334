//! How a grade is told: every number, and every point that is missing.
//!
//! Nothing is claimed that the book does not have. Texts of students and of people are in it
//! as they were; whoever writes it down uses the sink of the place.

use course::feedback::Feedback;
use grader::losses::{Loss, LostRun, losses};
use grader::report::text::{explain_trace, name_of};
use grader::result::{PartResult, Share, SubmissionResult, TraceResult};
use grader::standing::Standing;
use jiff::Timestamp;
use roster::cost::Cents;
use serde::Serialize;
use verdict::end::End;

use crate::dossier::Dossier;
use crate::entry::Grading;
use crate::key::Conditions;

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
            otherwise: otherwise(dossier, &standing, lost),
            standing,
        })
    }
}

fn attempts(dossier: &Dossier) -> Vec<String> {
    let line = |entry: &crate::entry::Entry| {
        let at = entry
            .at
            .map_or("at an unknown time".to_owned(), |at| when(dossier, at));
        let late = if entry.marked_late {
            ", marked late by the course system"
        } else {
            ""
        };
        let counts = if entry.counts { ", counts" } else { "" };
        format!("{}: {at}, `{}`{late}{counts}", entry.number, entry.label)
    };
    dossier.attempts.iter().map(line).collect()
}

/// A time by the course's clocks, where there are any.
fn when(dossier: &Dossier, at: Timestamp) -> String {
    let late = dossier.rules.late.as_ref();
    late.map_or_else(|| at.to_string(), |late| late.shown(at))
}

fn graded_with(dossier: &Dossier) -> Vec<(&'static str, String)> {
    let Conditions {
        key_set,
        toolchain,
        policy,
        ..
    } = &dossier.conditions;
    let mut facts = Vec::new();
    if let Some(grading) = &dossier.grading {
        facts.push((
            "graded",
            format!(
                "{}, as number {} of this book",
                when(dossier, grading.at),
                grading.number
            ),
        ));
    }
    if let Some(source) = dossier.submission().source {
        facts.push(("source", source.to_string()));
    }
    facts.push(("traces and keys", key_set.to_string()));
    facts.push(("compiler", toolchain.to_string()));
    facts.push(("policy", policy.to_string()));
    facts
}

/// What other gradings came to: only for whoever may see sealed points.
fn other_gradings(dossier: &Dossier) -> Vec<String> {
    let line = |grading: &Grading| {
        let Grading {
            number, at, result, ..
        } = grading;
        let (score, max) = (Cents::of(result.score), Cents::of(result.max));
        let differs = differences(&grading.conditions, &dossier.conditions);
        let under = match differs.is_empty() {
            true => "the same traces, keys, compiler and policy".to_owned(),
            false => format!("other {}", differs.join(", other ")),
        };
        format!(
            "number {number}, {}: {score} of {max}, with {under}",
            when(dossier, *at)
        )
    };
    match dossier.feedback {
        Feedback::Full => dossier.others.iter().map(line).collect(),
        _ => Vec::new(),
    }
}

/// What is not the same in two conditions.
pub(crate) fn differences(a: &Conditions, b: &Conditions) -> Vec<&'static str> {
    let pairs = [
        ("traces or keys", a.key_set == b.key_set),
        ("compiler", a.toolchain == b.toolchain),
        ("policy", a.policy == b.policy),
    ];
    pairs
        .into_iter()
        .filter(|(_, same)| !same)
        .map(|(name, _)| name)
        .collect()
}

fn told(loss: &Loss<'_>, feedback: Feedback) -> Lost {
    match loss {
        Loss::Whole {
            points,
            end,
            message,
        } => Lost {
            what: format!("{points} points of the whole: {end}"),
            points: points.points(),
            because: (*message).to_owned(),
            runs: Vec::new(),
        },
        Loss::Part {
            lab,
            part,
            points,
            runs,
        } => Lost {
            what: format!(
                "{points} of {} points of lab {lab}, {} ({})",
                Cents::of(part.max),
                part.name,
                part.end
            ),
            points: points.points(),
            because: because(part, runs, feedback),
            runs: grouped(runs),
        },
    }
}

/// How the points of a part follow from what its runs count.
fn because(part: &PartResult, runs: &[LostRun<'_>], feedback: Feedback) -> String {
    let Some(first) = runs.first() else {
        return match feedback {
            Feedback::Full => format!("nothing of it ran: {}", part.end),
            level => format!("which runs cost how much is not told at the level `{level}`"),
        };
    };
    let earned: f64 = part
        .shares
        .iter()
        .map(|share| share.weight * share.earned)
        .sum();
    format!(
        "{} of what its {} runs count was earned, {} of {}: {} × {} / {} = {}",
        percent(earned / first.of),
        part.shares.len(),
        number(earned),
        number(first.of),
        Cents::of(part.max),
        number(earned),
        number(first.of),
        Cents::of(part.score),
    )
}

fn percent(share: f64) -> String {
    format!("{} %", Cents::of(share * 100.0))
}

/// A weight, which has few decimals.
fn number(weight: f64) -> String {
    let text = format!("{weight:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Runs of a part; those that came to the very same are told once.
fn grouped(runs: &[LostRun<'_>]) -> Vec<Told> {
    let mut all: Vec<(Told, End, Cents)> = Vec::new();
    for run in runs {
        let Some(trace) = run.trace else { continue };
        let lines = lines_of(trace);
        let same = all
            .iter_mut()
            .find(|(told, end, _)| *end == trace.end && told.lines == lines);
        if let Some((told, _, points)) = same {
            told.also.push(trace.name.clone());
            *points = *points + run.points;
            told.counts = format!("-{points}, with those that came to the same");
            continue;
        }
        let told = Told {
            what: name_of(trace),
            counts: counts(run.share, run.of, run.points),
            also: Vec::new(),
            lines,
        };
        all.push((told, trace.end, run.points));
    }
    all.into_iter().map(|(told, ..)| told).collect()
}

fn lines_of(trace: &TraceResult) -> Vec<String> {
    explain_trace(trace).lines().map(str::to_owned).collect()
}

fn counts(share: &Share, of: f64, points: Cents) -> String {
    let Share { weight, earned, .. } = share;
    let partly = match *earned {
        0.0 => String::new(),
        earned => format!(", and has earned {} of that", percent(earned)),
    };
    format!(
        "-{points}: it counts {} of {}{partly}",
        number(*weight),
        number(of)
    )
}

/// All runs of a trace.
fn runs_of(submission: &SubmissionResult, wanted: &TraceName) -> Result<Vec<Told>, NoTrace> {
    let runs = submission.traces.iter().filter(|trace| wanted.is_of(trace));
    let told: Vec<Told> = runs.map(|trace| run_told(submission, trace)).collect();
    if !told.is_empty() {
        return Ok(told);
    }
    let known = submission.traces.iter().map(|trace| trace.name.as_str());
    let mut near = roster::list::near(&wanted.name, known);
    near.dedup();
    Err(NoTrace {
        name: wanted.name.clone(),
        help: match near.is_empty() {
            true => "without a trace, every run that cost points is told".to_owned(),
            false => format!("did you mean `{}`?", near.join("`, `")),
        },
    })
}

fn run_told(submission: &SubmissionResult, trace: &TraceResult) -> Told {
    let lost = losses(submission);
    let cost = lost.iter().find_map(|loss| match loss {
        Loss::Part { runs, .. } => {
            let mut runs = runs.iter();
            runs.find(|run| run.trace.is_some_and(|own| std::ptr::eq(own, trace)))
        }
        Loss::Whole { .. } => None,
    });
    Told {
        what: name_of(trace),
        counts: match (cost, trace.end) {
            (Some(run), _) => counts(run.share, run.of, run.points),
            (None, End::Passed) => "it cost nothing".to_owned(),
            (None, End::NotGraded) => "it counts for nothing, neither way".to_owned(),
            (None, _) => String::new(),
        },
        also: Vec::new(),
        lines: lines_of(trace),
    }
}

/// What would make it different, as far as the book can say.
fn otherwise(dossier: &Dossier, standing: &Standing, lost: Cents) -> Vec<String> {
    let submission = dossier.submission();
    let mut lines = Vec::new();
    if lost > Cents(0) {
        lines.push(format!(
            "if all that is told above had passed: {lost} points more, before what being late costs"
        ));
    }
    lines.extend(in_time(dossier, standing));
    if submission.end == End::NotGraded || has_ungraded(submission) {
        lines.push(
            "what was not graded, for a fault of ours, counts neither way; the next `cargo xtask \
             grade` tries it again"
                .to_owned(),
        );
    }
    if submission.sealed > 0 {
        lines.push(format!(
            "{} sealed traces are in none of these numbers: they are counted when they are \
             published",
            submission.sealed
        ));
    }
    if !standing.adjustments.is_empty() {
        lines.push(
            "what people said can be taken back: `cargo xtask adjust`, with `--undo`".to_owned(),
        );
    }
    if lines.is_empty() {
        lines.push("nothing: all points were earned, in time".to_owned());
    }
    lines
}

fn in_time(dossier: &Dossier, standing: &Standing) -> Option<String> {
    let penalty = Cents::of(standing.penalty);
    let late = dossier.rules.late.as_ref().filter(|_| penalty > Cents(0))?;
    let limit = late.limit_for(dossier.rules.allowance(&standing.student));
    Some(format!(
        "if it had been handed in until {}: {penalty} points more",
        late.shown(limit)
    ))
}

fn has_ungraded(submission: &SubmissionResult) -> bool {
    submission
        .traces
        .iter()
        .any(|trace| trace.end == End::NotGraded)
}
