//! Gradings, in a book: what is known already, and what it came to.

use std::collections::HashSet;

use grader::grade::{not_graded, refused};
use grader::intake::hash::SourceHash;
use grader::result::SubmissionResult;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use crate::attempts::{parsed, unlike};
use crate::book::Book;
use crate::entry::{Entry, Grading, Taken};
use crate::error::BookError;
use crate::key::Conditions;
use crate::sittings::{Scope, Sitting, conditions};
use crate::stored;

/// The columns of a grading, in the order in which [`grading`] reads them.
const COLUMNS: &str = "gradings.id, at, complete, result, key_set, toolchain, policy, max";

/// Which conditions a query is about.
const SAME: &str = "gradings.conditions = (SELECT id FROM conditions
                                  WHERE (key_set, toolchain, policy) = (?1, ?2, ?3))";

impl Book {
    /// Writes down what a source came to in a sitting. When this is back, it is on the disk;
    /// before, nothing of it is.
    ///
    /// # Errors
    ///
    /// If the book cannot be written.
    pub fn record(
        &mut self,
        sitting: &Sitting,
        source: &SourceHash,
        result: &SubmissionResult,
    ) -> Result<(), BookError> {
        let text = stored::write(result).map_err(|error| self.damaged(error.to_string()))?;
        // A statement by itself is a transaction. Who has graded it in the same sitting
        // already has come to the same.
        let insert = "INSERT INTO gradings (source, conditions, sitting, at, complete, result)
                      SELECT ?1, conditions, id, ?3, ?4, ?5 FROM sittings WHERE id = ?2
                      ON CONFLICT DO NOTHING";
        let row = params![
            source.to_string(),
            sitting.number,
            Timestamp::now().to_string(),
            stored::is_complete(result),
            text,
        ];
        let inserted = self.db.execute(insert, row);
        inserted.map(drop).map_err(|error| self.sql(error))
    }

    /// The sources that a sitting need not grade: it has done so already, or another has
    /// under the same conditions.
    ///
    /// # Errors
    ///
    /// If the book cannot be read.
    pub fn known(&self, sitting: &Sitting) -> Result<HashSet<SourceHash>, BookError> {
        let query = format!(
            "SELECT DISTINCT source FROM gradings
             WHERE {SAME} AND complete = 1 AND (?4 = 0 OR sitting = ?5)"
        );
        let Conditions {
            key_set,
            toolchain,
            policy,
            ..
        } = &sitting.conditions;
        let anew = sitting.scope == Scope::Everything;
        let key = params![key_set.0, toolchain.0, policy.0, anew, sitting.number];
        let fault = |error| self.unreadable(error);
        let mut statement = self.db.prepare_cached(&query).map_err(fault)?;
        let rows = statement.query_map(key, |row| parsed(0, row.get(0)?));
        rows.and_then(Iterator::collect).map_err(fault)
    }

    /// What an attempt comes to under these conditions: what its source did in the newest
    /// grading that is complete, or else in the newest one. What was never graded is `not
    /// graded`, and no zero.
    ///
    /// # Errors
    ///
    /// If the book cannot be read.
    pub fn result_of(
        &self,
        entry: &Entry,
        conditions: &Conditions,
    ) -> Result<SubmissionResult, BookError> {
        let result = match &entry.taken {
            Taken::Unread => not_graded(UNREAD.to_owned()),
            Taken::Refused(why) => refused(why.clone(), conditions.max),
            Taken::Sources(source) => match self.grading(source, conditions)? {
                Some(grading) => grading.result,
                None => SubmissionResult {
                    source: Some(*source),
                    ..not_graded(UNGRADED.to_owned())
                },
            },
        };
        Ok(SubmissionResult {
            id: entry.student.0.clone(),
            ignored: entry.ignored.clone(),
            ..result
        })
    }

    /// Goes through what the attempts that count came to in the latest sitting, in the order
    /// of students: a class has more than the memory may hold.
    ///
    /// # Errors
    ///
    /// If the book cannot be read, or `each` says so.
    pub fn results<E: From<BookError>>(
        &self,
        mut each: impl FnMut(SubmissionResult) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(sitting) = self.latest_sitting()? else {
            return Ok(());
        };
        self.class(|entry| each(self.result_of(&entry, &sitting.conditions)?))
    }

    /// The grading of a source that counts under these conditions.
    ///
    /// # Errors
    ///
    /// If the book cannot be read.
    pub fn grading(
        &self,
        source: &SourceHash,
        conditions: &Conditions,
    ) -> Result<Option<Grading>, BookError> {
        let query = format!(
            "SELECT {COLUMNS} FROM gradings JOIN conditions ON conditions.id = gradings.conditions
             WHERE {SAME} AND source = ?4 ORDER BY complete DESC, gradings.id DESC LIMIT 1"
        );
        let Conditions {
            key_set,
            toolchain,
            policy,
            ..
        } = conditions;
        let key = params![key_set.0, toolchain.0, policy.0, source.to_string()];
        let fault = |error| self.unreadable(error);
        let mut statement = self.db.prepare_cached(&query).map_err(fault)?;
        statement.query_row(key, grading).optional().map_err(fault)
    }

    /// All gradings of a source, under whatever conditions, the newest first.
    ///
    /// # Errors
    ///
    /// If the book cannot be read.
    pub fn history(&self, source: &SourceHash) -> Result<Vec<Grading>, BookError> {
        let query = format!(
            "SELECT {COLUMNS} FROM gradings JOIN conditions ON conditions.id = gradings.conditions
             WHERE source = ?1 ORDER BY gradings.id DESC"
        );
        let fault = |error| self.unreadable(error);
        let mut statement = self.db.prepare_cached(&query).map_err(fault)?;
        let rows = statement.query_map(params![source.to_string()], grading);
        rows.and_then(Iterator::collect).map_err(fault)
    }
}

/// Said of an attempt that no sitting has come to.
const UNREAD: &str = "not graded yet: nobody has read it\nhelp: the same `cargo xtask grade` goes \
                      on where it was stopped";

/// The same of one that was read.
const UNGRADED: &str = "not graded yet: the sitting was stopped before\nhelp: the same `cargo \
                        xtask grade` goes on where it was stopped";

fn grading(row: &Row<'_>) -> rusqlite::Result<Grading> {
    let text: String = row.get(3)?;
    Ok(Grading {
        number: row.get(0)?,
        at: parsed(1, row.get(1)?)?,
        is_complete: row.get(2)?,
        result: stored::read(&text).map_err(|error| unlike(3, error))?,
        conditions: conditions(row, 4)?,
    })
}
