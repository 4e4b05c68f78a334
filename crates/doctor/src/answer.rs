//! An answer, and how bad it is.

use schemars::JsonSchema;
use serde::Serialize;

/// What the machine says to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// What was asked for, in a word or two.
    pub topic: String,
    /// How bad it is.
    pub standing: Standing,
    /// What was found.
    pub found: String,
    /// What follows, and what to do where something is to be done.
    pub follows: String,
}

/// How bad an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// As it should be.
    Good,
    /// Something is less than it could be, and everybody's daily work goes on.
    Weaker,
    /// Without it there is no grading on hidden traces, unless `--allow-unsandboxed`.
    Missing,
}

impl Answer {
    /// An answer.
    pub fn new(
        topic: &str,
        standing: Standing,
        found: impl Into<String>,
        follows: impl Into<String>,
    ) -> Self {
        Self {
            topic: topic.to_owned(),
            standing,
            found: found.into(),
            follows: follows.into(),
        }
    }
}
