//! What a student gets, and for which parts points are missing.

use std::fmt;

use course::feedback::Feedback;
use grader::result::{LabResult, PartResult, SubmissionResult, TraceResult};
use verdict::end::End;

/// What a student gets: the points of the standing, or of the grading where no gradebook
/// was asked. None if it could not be graded for a fault of ours, which is no zero.
pub fn points(submission: &SubmissionResult) -> Option<f64> {
    match &submission.standing {
        Some(standing) => standing.points,
        None if submission.max > 0.0 => Some(submission.score),
        None => None,
    }
}

/// A line of how points come about.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is.
    pub what: String,
    /// Why: somebody's words, or ours; empty if there is nothing to say.
    pub because: String,
    /// Points.
    pub points: Change,
}

/// What an entry does to the points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// They begin with so many.
    From(f64),
    /// So many more, or less.
    By(f64),
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Change::From(points) => printed(*points),
            Change::By(points) => signed(*points),
        })
    }
}

/// How the points come about, line by line; the last line's sum is what the student gets.
pub fn entries(submission: &SubmissionResult) -> Vec<Entry> {
    let Some(standing) = &submission.standing else {
        return vec![Entry {
            what: "Points of the submission".to_owned(),
            because: String::new(),
            points: Change::From(submission.score),
        }];
    };
    let handed_in = standing
        .at
        .map(|at| format!("handed in {}", at.strftime("%Y-%m-%d %H:%M UTC")));
    let mut entries = vec![Entry {
        what: match standing.attempt {
            Some(attempt) => format!("Attempt {attempt} of {}", standing.attempts),
            None => "Nothing was handed in".to_owned(),
        },
        because: handed_in.unwrap_or_default(),
        points: Change::From(standing.raw),
    }];
    if standing.late.seconds > 0 || standing.penalty > 0.0 {
        entries.push(Entry {
            what: late(standing.late.days, standing.late.slip_days),
            because: standing.late.because.clone(),
            points: Change::By(-standing.penalty),
        });
    }
    entries.extend(standing.adjustments.iter().map(|adjustment| Entry {
        what: match adjustment.lab {
            Some(lab) => format!("Adjustment, lab {lab}"),
            None => "Adjustment".to_owned(),
        },
        because: format!(
            "{} ({}, {})",
            adjustment.remark,
            adjustment.author,
            adjustment.at.strftime("%Y-%m-%d %H:%M UTC")
        ),
        points: Change::By(adjustment.points),
    }));
    entries
}

fn late(days: u32, slip_days: u32) -> String {
    let days = counted(days as usize, "day");
    match slip_days {
        0 => format!("Late: {days}"),
        slip => format!("Late: {days}, after {}", counted(slip as usize, "slip day")),
    }
}

/// A part that points are missing for.
#[derive(Clone, Debug)]
pub struct Lost<'a> {
    /// The lab.
    pub lab: &'a LabResult,
    /// The part of it.
    pub part: &'a PartResult,
    /// The points that are missing.
    pub points: f64,
    /// The runs that went wrong, the one to look at first at the beginning.
    pub failed: Vec<&'a TraceResult>,
    /// How many runs there are of which anything is told.
    pub runs: usize,
}

impl Lost<'_> {
    /// Whether nothing of the part was written, which needs one sentence and no list.
    pub fn is_unwritten(&self) -> bool {
        self.part.end == End::NotWritten
    }
}

/// The parts that points are missing for, in the order of the labs.
pub fn lost(submission: &SubmissionResult) -> Vec<Lost<'_>> {
    let parts = submission.labs.iter();
    let parts = parts.flat_map(|lab| lab.parts.iter().map(move |part| (lab, part)));
    let missing = parts.filter(|(_, part)| part.score < part.max);
    missing
        .map(|(lab, part)| {
            let own = |run: &&TraceResult| run.lab == lab.number && run.part == part.name;
            let runs: Vec<&TraceResult> = submission.traces.iter().filter(own).collect();
            let failed = runs.iter().filter(|run| run.end != End::Passed);
            let mut failed: Vec<&TraceResult> = failed.copied().collect();
            // Stable: among those that tell the same, the order of the lab holds.
            failed.sort_by_key(|run| tells(run));
            Lost {
                lab,
                part,
                points: part.max - part.score,
                failed,
                runs: runs.len(),
            }
        })
        .collect()
}

/// A run that tells most comes first: one whose trace the reader has, where a rule decides.
fn tells(run: &TraceResult) -> (bool, bool, bool, bool) {
    let rule = |run: &TraceResult| run.difference.as_ref()?.explanation.rule.clone();
    (
        run.end == End::NotWritten,
        run.feedback != Feedback::Full,
        run.difference.is_none() && run.told.is_none(),
        rule(run).is_none(),
    )
}

/// `1 day`, `2 days`.
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

/// Points as reports print them; a penalty of nothing has no sign.
pub fn printed(points: f64) -> String {
    format!("{:.2}", points + 0.0)
}

/// Points more or less, with their sign.
pub fn signed(points: f64) -> String {
    match points + 0.0 {
        0.0 => "0.00".to_owned(),
        less if less < 0.0 => format!("−{:.2}", -less),
        more => format!("+{more:.2}"),
    }
}
