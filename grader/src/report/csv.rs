//! Results as a table that spreadsheets read.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use verdict::end::End;

use super::sink::csv::cell;
use crate::feedback::{Shown, ShownSubmission};
use crate::result::{LabResult, SubmissionResult};

/// What comes behind the labs: how the points come about, and what the student gets.
const BEHIND: [&str; 6] = [
    "attempt",
    "submitted_at",
    "late_seconds",
    "penalty",
    "adjustment",
    "points",
];

/// A row for each submission: id, end, score, max, the score of each lab, and then
/// what of it the student gets: which attempt it is, when it was handed in, how late, what
/// that costs, what people have added, and the points.
///
/// What was not graded for a fault of ours is empty, for it is no zero; so is what nobody
/// knows, as the time of a folder's submission.
///
/// Which labs there are is known when all submissions are: until then the rows are kept.
#[derive(Debug, Default)]
pub struct Table {
    labs: BTreeSet<u8>,
    rows: Vec<Row>,
}

/// What comes before the labs, the labs, what stands where a lab is none, and the rest.
#[derive(Debug)]
struct Row {
    start: [String; 4],
    labs: BTreeMap<u8, String>,
    no_lab: &'static str,
    behind: [String; BEHIND.len()],
}

/// Writes the table of a class.
///
/// # Errors
///
/// If the class cannot be read, or `out` does not take it.
pub fn write(class: &impl Shown, out: impl io::Write) -> io::Result<()> {
    let mut table = Table::default();
    class.each(|shown| {
        table.add(shown);
        Ok(())
    })?;
    table.write(out)
}

impl Table {
    /// Adds a row.
    pub fn add(&mut self, shown: ShownSubmission<'_>) {
        let submission = shown.submission();
        let labs = submission.labs.iter();
        self.labs.extend(labs.clone().map(|lab| lab.number));
        let no_lab = match submission.end {
            End::NotGraded => "",
            _ => "0",
        };
        self.rows.push(Row {
            start: [
                cell(&submission.id),
                submission.end.to_string(),
                score(submission),
                submission.max.to_string(),
            ],
            labs: labs.filter(|lab| lab.max > 0.0).map(points).collect(),
            no_lab,
            behind: behind(submission),
        });
    }

    /// Writes all of it.
    ///
    /// # Errors
    ///
    /// If `out` does not take it.
    pub fn write(&self, out: impl io::Write) -> io::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        let head = ["id", "end", "score", "max"].map(str::to_owned);
        let labs = self.labs.iter().map(|n| format!("lab{n}"));
        let behind = BEHIND.map(str::to_owned);
        table.write_record(head.into_iter().chain(labs).chain(behind))?;
        for row in &self.rows {
            let lab = |number| row.labs.get(number).map_or(row.no_lab, String::as_str);
            let start = row.start.iter().map(String::as_str);
            let behind = row.behind.iter().map(String::as_str);
            table.write_record(start.chain(self.labs.iter().map(lab)).chain(behind))?;
        }
        table.flush()
    }
}

fn score(submission: &SubmissionResult) -> String {
    match submission.max > 0.0 {
        true => submission.score.to_string(),
        false => String::new(),
    }
}

fn points(lab: &LabResult) -> (u8, String) {
    (lab.number, lab.score.to_string())
}

/// Without a standing, nobody has asked a gradebook, and points are the score.
fn behind(submission: &SubmissionResult) -> [String; BEHIND.len()] {
    let Some(standing) = &submission.standing else {
        let mut cells = [const { String::new() }; BEHIND.len()];
        cells[BEHIND.len() - 1] = match submission.end {
            End::NotGraded => String::new(),
            _ => score(submission),
        };
        return cells;
    };
    let or_nothing = |value: Option<String>| value.unwrap_or_default();
    let added: f64 = standing.adjustments.iter().map(|it| it.points).sum();
    [
        or_nothing(standing.attempt.map(|number| number.to_string())),
        or_nothing(standing.at.map(|at| at.to_string())),
        or_nothing(standing.at.map(|_| standing.late.seconds.to_string())),
        standing.penalty.to_string(),
        round(added).to_string(),
        or_nothing(standing.points.map(|points| points.to_string())),
    ]
}

/// Points have two decimals, and zero has no sign.
fn round(points: f64) -> f64 {
    (points * 100.0).round() / 100.0 + 0.0
}
