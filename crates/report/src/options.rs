//! What there is to know besides results.

use std::collections::HashMap;

use course::feedback::Feedback;
use diagnosis::diagnose::Diagnosis;
use roster::student::Student;

/// What there is to know besides results, all of it optional.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// What the course is called.
    pub course: Option<&'a str>,
    /// Who is in it: names and sections.
    pub roster: &'a [Student],
    /// How much is told of hidden traces; the page says so.
    pub feedback: Feedback,
    /// Which mistakes of the catalogue submissions show. Only `report.html` tells of them.
    pub diagnoses: &'a [Diagnosis],
    /// What a student's page tells of the class.
    pub comparison: Comparison,
}

/// What a student's page tells of the class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comparison {
    /// Nothing.
    #[default]
    Nothing,
    /// The median.
    Median,
}

/// Students by their ids.
#[derive(Debug)]
pub(crate) struct Names<'a>(HashMap<&'a str, &'a Student>);

impl<'a> Names<'a> {
    pub fn of(roster: &'a [Student]) -> Self {
        let known = roster.iter();
        Self(known.map(|student| (&*student.id.0, student)).collect())
    }

    pub fn student(&self, id: &str) -> Option<&'a Student> {
        self.0.get(id).copied()
    }

    /// What a student is called; nothing if nobody knows.
    pub fn name(&self, id: &str) -> &'a str {
        let student = self.student(id);
        student
            .and_then(|it| it.name.as_deref())
            .unwrap_or_default()
    }

    pub fn section(&self, id: &str) -> &'a str {
        let student = self.student(id);
        let section = student.and_then(|it| it.section.as_deref());
        section.unwrap_or_default()
    }
}
