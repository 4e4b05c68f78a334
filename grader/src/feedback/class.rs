//! Results as far as they may be shown: of one submission, and of a class of them.

use std::io;

use course::feedback::Feedback;
use serde::Serialize;

use super::excerpt::Room;
use super::submission::submission;
use crate::result::{ClassResult, SubmissionResult};
use crate::standing::Standing;

/// A class, as far as it may be shown: what every report takes.
///
/// It need not be in memory: a report asks for one submission after the other, as often as
/// it likes, always in the same order, and keeps what is small.
pub trait Shown {
    /// Shows each submission, until there is none or `told` fails.
    ///
    /// # Errors
    ///
    /// If `told` says so, or a submission cannot be read.
    fn each(&self, told: impl FnMut(ShownSubmission<'_>) -> io::Result<()>) -> io::Result<()>;

    /// Whose they are.
    ///
    /// # Errors
    ///
    /// If that cannot be read.
    fn ids(&self) -> io::Result<Vec<String>>;
}

/// The results of a class that is small enough to be in memory.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct ShownClass(ClassResult);

/// The result of a submission, as far as it may be shown.
#[derive(Clone, Debug)]
pub struct ShownResult(SubmissionResult);

/// The same, while somebody else has it.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(transparent)]
pub struct ShownSubmission<'a>(&'a SubmissionResult);

impl ShownClass {
    /// What may be shown if so much was asked for.
    pub fn new(class: &ClassResult, asked: Feedback) -> Self {
        let ClassResult {
            schema,
            sandbox,
            compiler_sandbox,
            submissions,
        } = class;
        Self(ClassResult {
            schema: schema.clone(),
            sandbox: *sandbox,
            compiler_sandbox: *compiler_sandbox,
            submissions: submissions
                .iter()
                .map(|s| submission(s, asked, Room::new()))
                .collect(),
        })
    }

    /// The same with what each student gets, which `standing` finds from what may be shown
    /// of their submission.
    #[must_use]
    pub fn with_standings(mut self, standing: impl Fn(&SubmissionResult) -> Standing) -> Self {
        for submission in &mut self.0.submissions {
            submission.standing = Some(standing(submission));
        }
        self
    }

    /// What may be shown.
    pub fn class(&self) -> &ClassResult {
        &self.0
    }

    /// Each submission by itself.
    pub fn submissions(&self) -> impl Iterator<Item = ShownSubmission<'_>> {
        self.0.submissions.iter().map(ShownSubmission)
    }
}

impl Shown for ShownClass {
    fn each(&self, told: impl FnMut(ShownSubmission<'_>) -> io::Result<()>) -> io::Result<()> {
        self.submissions().try_for_each(told)
    }

    fn ids(&self) -> io::Result<Vec<String>> {
        let ids = self.submissions().map(|it| it.submission().id.clone());
        Ok(ids.collect())
    }
}

impl ShownResult {
    /// What may be shown if so much was asked for, in a class, where there is room for a
    /// part.
    pub fn in_class(result: &SubmissionResult, asked: Feedback) -> Self {
        Self(submission(result, asked, Room::new()))
    }

    /// The same for one that is shown alone: all of it.
    pub fn alone(result: &SubmissionResult, asked: Feedback) -> Self {
        Self(submission(result, asked, Room::alone()))
    }

    /// The same with what the student gets, which `standing` finds from what may be shown.
    #[must_use]
    pub fn with_standing(mut self, standing: impl FnOnce(&SubmissionResult) -> Standing) -> Self {
        self.0.standing = Some(standing(&self.0));
        self
    }

    /// It, to be reported.
    pub fn shown(&self) -> ShownSubmission<'_> {
        ShownSubmission(&self.0)
    }

    /// What may be shown.
    pub fn submission(&self) -> &SubmissionResult {
        &self.0
    }
}

impl<'a> ShownSubmission<'a> {
    /// What may be shown.
    pub fn submission(self) -> &'a SubmissionResult {
        self.0
    }
}
