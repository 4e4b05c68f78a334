//! Results as a table that spreadsheets read.

use std::collections::BTreeSet;
use std::io;

use verdict::end::End;

use super::sink::csv::cell;
use crate::feedback::ShownClass;
use crate::result::SubmissionResult;

/// What comes behind the labs: how the points come about, and what the student gets.
const BEHIND: [&str; 6] = [
    "attempt",
    "submitted_at",
    "late_seconds",
    "penalty",
    "adjustment",
    "points",
];

/// Writes a row for each submission: id, end, score, max, the score of each lab, and then
/// what of it the student gets: which attempt it is, when it was handed in, how late, what
/// that costs, what people have added, and the points.
///
/// What was not graded for a fault of ours is empty, for it is no zero; so is what nobody
/// knows, as the time of a folder's submission.
///
/// # Errors
///
/// If `out` does not take it.
pub fn write(class: &ShownClass, out: impl io::Write) -> csv::Result<()> {
    let submissions = &class.class().submissions;
    let mut table = csv::Writer::from_writer(out);
    let labs = submissions.iter().flat_map(|s| &s.labs);
    let numbers: BTreeSet<u8> = labs.map(|lab| lab.number).collect();
    let head = ["id", "end", "score", "max"].map(str::to_owned);
    let labs = numbers.iter().map(|n| format!("lab{n}"));
    table.write_record(
        head.into_iter()
            .chain(labs)
            .chain(BEHIND.map(str::to_owned)),
    )?;
    for submission in submissions {
        let start = [
            cell(&submission.id),
            submission.end.to_string(),
            score(submission),
            submission.max.to_string(),
        ];
        let labs = numbers.iter().map(|number| lab(submission, *number));
        table.write_record(start.into_iter().chain(labs).chain(behind(submission)))?;
    }
    table.flush()?;
    Ok(())
}

fn score(submission: &SubmissionResult) -> String {
    match submission.max > 0.0 {
        true => submission.score.to_string(),
        false => String::new(),
    }
}

fn lab(submission: &SubmissionResult, number: u8) -> String {
    match submission.labs.iter().find(|lab| lab.number == number) {
        Some(lab) if lab.max > 0.0 => lab.score.to_string(),
        _ if submission.end == End::NotGraded => String::new(),
        _ => "0".to_owned(),
    }
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
