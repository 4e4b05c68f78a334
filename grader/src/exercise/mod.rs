//! What is handed in and is no handler: predictions, and traces.
//!
//! Nothing of it is code, so nothing is compiled; whoever hands in text gets a
//! result for each thing that was asked.

pub mod belady;
mod break_it;
mod conform;
mod kernels;
mod predict;
mod published;

use course::catalogue::{Exercise, ExerciseKind, Lab};
use course::feedback::Feedback;
use verdict::end::End;

use crate::intake::Sources;
use crate::points::Weighed;
use crate::result::TraceResult;

/// Grades an exercise: a result for each thing that is asked.
pub fn grade(lab: &Lab, exercise: &Exercise, sources: &Sources) -> Vec<Weighed> {
    let asked = Asked { lab, exercise };
    match exercise.kind {
        ExerciseKind::Predict => predict::grade(&asked, sources),
        ExerciseKind::Belady => belady::grade(&asked, sources),
        ExerciseKind::BreakIt => break_it::grade(&asked, sources),
    }
}

/// An exercise, and the lab that asks for it.
struct Asked<'a> {
    lab: &'a Lab,
    exercise: &'a Exercise,
}

impl Asked<'_> {
    /// The result for one thing that was asked.
    fn result(&self, name: impl Into<String>, end: End, message: impl Into<String>) -> Weighed {
        let hint = self.exercise.hints.first().cloned();
        let result = TraceResult {
            lab: self.lab.number,
            name: name.into(),
            public: true,
            feedback: Feedback::Full,
            category: self.exercise.concept.clone(),
            part: self.exercise.kind.name().to_owned(),
            end,
            message: message.into(),
            at: None,
            difference: None,
            told: None,
            hint,
        };
        Weighed::new(1.0, result)
    }

    /// The only result of an exercise of which nothing was handed in.
    fn nothing_handed_in(&self, file: &str) -> Vec<Weighed> {
        let message = format!("no {file} was handed in");
        vec![self.result(self.exercise.kind.name(), End::NotWritten, message)]
    }
}
