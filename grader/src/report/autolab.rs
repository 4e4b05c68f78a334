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

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use verdict::end::End;

use super::sink::json;
use super::text;
use crate::feedback::ShownClass;
use crate::result::LabResult;

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
}

/// The report and, as its last line, the autoresult. Without a graded lab there is no such
/// line, and Autolab says that the autograder failed.
///
/// # Errors
///
/// If it is not one submission.
pub fn log(class: &ShownClass) -> Result<String, NoAutoresult> {
    let [submission] = class.class().submissions.as_slice() else {
        return Err(NoAutoresult::Several(class.class().submissions.len()));
    };
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
    let report = text::render(class);
    match scores.is_empty() {
        true => Ok(report),
        false => Ok(report + "\n" + &json::line(&Autoresult { scores })?),
    }
}

/// The problem that has what being late costs, and what people have added.
pub const CHANGE: &str = "adjustment";

fn round(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}
