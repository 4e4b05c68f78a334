//! What all students of a book get.

use std::collections::{BTreeMap, BTreeSet};

use grader::result::SubmissionResult;
use grader::standing::Standing;
use roster::student::StudentId;

use crate::book::Book;
use crate::entry::Entry;
use crate::error::BookError;
use crate::overlay::Said;
use crate::rules::{Rules, Tried};
use crate::standing::{Record, standing};

/// What all students of a book get, read once.
#[derive(Debug)]
pub struct Standings {
    rules: Rules,
    tried: BTreeMap<StudentId, (Vec<Tried>, Option<u32>)>,
    said: BTreeMap<StudentId, Vec<Said>>,
}

impl Standings {
    /// Reads when everything was handed in, and what people said.
    ///
    /// # Errors
    ///
    /// If the book cannot be read.
    pub fn read(book: &Book, rules: Rules) -> Result<Self, BookError> {
        let mut tried: BTreeMap<StudentId, (Vec<Tried>, Option<u32>)> = BTreeMap::new();
        book.attempts(|entry| {
            let (all, counts) = tried.entry(entry.student.clone()).or_default();
            all.push(Tried::from(&entry));
            *counts = counts.or(Some(entry.number).filter(|_| entry.counts));
            Ok::<(), BookError>(())
        })?;
        Ok(Self {
            rules,
            tried,
            said: book.overlay()?,
        })
    }

    /// What a student gets for a submission of which this may be shown.
    pub fn of(&self, shown: &SubmissionResult) -> Standing {
        let student = StudentId(shown.id.clone());
        let (tried, counts) = match self.tried.get(&student) {
            Some((tried, counts)) => (tried.as_slice(), *counts),
            None => (&[][..], None),
        };
        let record = Record {
            student: &student,
            tried,
            counts,
            said: self.said.get(&student).map_or(&[], Vec::as_slice),
        };
        standing(record, Some(shown), &self.rules)
    }
}

impl From<&Entry> for Tried {
    fn from(entry: &Entry) -> Self {
        Self {
            number: entry.number,
            at: entry.at,
            marked_late: entry.marked_late,
        }
    }
}

/// The labs that a class was graded on.
///
/// # Errors
///
/// If the book cannot be read.
pub fn labs(book: &Book) -> Result<Vec<u8>, BookError> {
    let mut labs = BTreeSet::new();
    book.results(|result| {
        labs.extend(result.labs.iter().map(|lab| lab.number));
        Ok::<(), BookError>(())
    })?;
    Ok(labs.into_iter().collect())
}
