//! Results as Autolab reads them: the last line of what an autograder prints.
//!
//! Autolab's autoresult is one JSON object, `{"scores":{"lab1":10,"lab2":7.5}}`, with a
//! problem for each lab; the assessment must have problems of these names
//! (`AssessmentAutogradeCore#saveAutograde`). Before it stands the report for people,
//! which Autolab shows as the student's feedback.
//!
//! A submission that could print its own last line would give itself its points. None
//! can: nothing of a student's is printed but as a part of a line of ours.

use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use verdict::end::End;

use super::sink::json;
use super::text;
use crate::feedback::{Shown, ShownClass};
use crate::result::{LabResult, SubmissionResult};

/// Autolab's autoresult.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Autoresult {
    /// Points by problem. A lab that could not be graded has none: Autolab then keeps
    /// those that it knows.
    pub scores: BTreeMap<String, f64>,
}

/// There is no autoresult.
#[derive(Debug, thiserror::Error)]
pub enum NoAutoresult {
    /// Autolab grades one submission at a time.
    #[error("Autolab takes one submission at a time, and here are {0}\nhelp: name one")]
    Several(usize),
    /// It cannot be written.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The submission cannot be read, or the report cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Writes the report and, as its last line, the autoresult. Without a graded lab there is no
/// such line, and Autolab says that the autograder failed.
///
/// # Errors
///
/// If it is not one submission, or cannot be read or written.
pub fn write(class: &impl Shown, out: &mut impl Write) -> Result<(), NoAutoresult> {
    let ids = class.ids()?;
    if ids.len() != 1 {
        return Err(NoAutoresult::Several(ids.len()));
    }
    let mut scores = BTreeMap::new();
    class.each(|shown| {
        scores = scores_of(shown.submission());
        Ok(())
    })?;
    text::write(class, out)?;
    if !scores.is_empty() {
        write!(out, "\n{}", json::line(&Autoresult { scores })?)?;
    }
    Ok(())
}

/// The same of a class in memory.
///
/// # Errors
///
/// If it is not one submission.
pub fn log(class: &ShownClass) -> Result<String, NoAutoresult> {
    let mut log = Vec::new();
    write(class, &mut log)?;
    Ok(String::from_utf8_lossy(&log).into_owned())
}

fn scores_of(submission: &SubmissionResult) -> BTreeMap<String, f64> {
    let is_graded = |lab: &&LabResult| {
        let ours = |end| end == End::NotGraded;
        lab.max > 0.0 && !lab.parts.iter().any(|part| ours(part.end))
    };
    let graded = submission.labs.iter().filter(is_graded);
    let mut scores: BTreeMap<String, f64> = graded
        .map(|lab| (format!("lab{}", lab.number), lab.score))
        .collect();
    let standing = submission.standing.iter();
    let change = standing
        .filter_map(|it| Some(it.points? - submission.score))
        .sum::<f64>();
    if change != 0.0 && !scores.is_empty() {
        scores.insert(CHANGE.to_owned(), round(change));
    }
    scores
}

/// The problem that has what being late costs, and what people have added.
pub const CHANGE: &str = "adjustment";

fn round(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}
