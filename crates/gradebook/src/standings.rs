//! What all students of a book get.

use std::collections::BTreeMap;

use grader::result::SubmissionResult;
use grader::standing::Standing;
use roster::student::StudentId;

use crate::book::Book;
use crate::entry::Entry;
use crate::error::BookError;
use crate::key::Conditions;
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

/// What the attempts that count came to in the latest sitting, and under which conditions;
/// none if nothing was ever graded.
///
/// # Errors
///
/// If the book cannot be read.
pub fn latest(book: &Book) -> Result<Option<(Conditions, Vec<SubmissionResult>)>, BookError> {
    let Some(sitting) = book.latest_sitting()? else {
        return Ok(None);
    };
    let mut results = Vec::new();
    book.class(|entry| {
        results.push(book.result_of(&entry, &sitting.conditions)?);
        Ok::<(), BookError>(())
    })?;
    Ok(Some((sitting.conditions, results)))
}

/// The labs that these were graded on.
pub fn labs_of(results: &[SubmissionResult]) -> Vec<u8> {
    let labs = results.iter().flat_map(|result| &result.labs);
    let mut labs: Vec<u8> = labs.map(|lab| lab.number).collect();
    labs.sort_unstable();
    labs.dedup();
    labs
}
