//! Results for programs: `grader/schema` has their form.

use super::sink::json;
use crate::feedback::{ShownBoard, ShownClass, ShownSubmission};

/// A class as one object on one line.
///
/// # Errors
///
/// If it cannot be written as JSON.
pub fn class(class: &ShownClass) -> serde_json::Result<String> {
    json::line(class)
}

/// A class as a file that people may look at.
///
/// # Errors
///
/// If it cannot be written as JSON.
pub fn class_file(class: &ShownClass) -> serde_json::Result<String> {
    json::pretty(class)
}

/// A submission as a file that its student may get: nothing of another's is in it.
///
/// # Errors
///
/// If it cannot be written as JSON.
pub fn submission_file(submission: &ShownSubmission<'_>) -> serde_json::Result<String> {
    json::pretty(submission)
}

/// A leaderboard as one object on one line.
///
/// # Errors
///
/// If it cannot be written as JSON.
pub fn leaderboard(board: &ShownBoard) -> serde_json::Result<String> {
    json::line(board)
}
