//! Attempts, in a book.

use collect::attempt::Attempt;
use grader::intake::hash::SourceHash;
use jiff::Timestamp;
use roster::student::StudentId;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::book::Book;
use crate::entry::{Entry, Taken};
use crate::error::BookError;

/// The columns of an attempt, in the order in which [`entry`] reads them.
const COLUMNS: &str = "student, number, at, marked_late, label, partners, counts, source, \
                       refusal, ignored";

/// An attempt that was handed in, and what it is among those of its student.
#[derive(Clone, Debug)]
pub struct Entered {
    /// The attempt.
    pub attempt: Attempt,
    /// What it is.
    pub role: Role,
}

/// What an attempt is among those of its student.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is graded, and counts.
    Counts,
    /// It is graded, because it may turn out to count.
    MayCount,
    /// It is only written down.
    Stays,
}

/// What was found in an attempt.
#[derive(Clone, Debug)]
pub struct Found {
    /// Whose.
    pub student: StudentId,
    /// Which one of theirs.
    pub number: u32,
    /// Its sources, or why it was refused.
    pub taken: Result<SourceHash, String>,
    /// What was ignored.
    pub ignored: Vec<String>,
}

impl Book {
    /// Notes what was found in attempts, at once or not at all.
    ///
    /// # Errors
    ///
    /// If the book cannot be written.
    pub fn note<'a>(
        &mut self,
        found: impl IntoIterator<Item = &'a Found>,
    ) -> Result<(), BookError> {
        let mut found = found.into_iter();
        self.at_once(|transaction| found.try_for_each(|one| note(transaction, one)))
    }

    /// Says which attempts count, each instead of the one of its student that did before, at
    /// once or not at all.
    ///
    /// # Errors
    ///
    /// If the book cannot be written.
    pub fn count(&mut self, attempts: &[(StudentId, u32)]) -> Result<(), BookError> {
        self.at_once(|transaction| {
            for (student, number) in attempts {
                reset(transaction, student)?;
                let count = "UPDATE attempts SET counts = 1 WHERE student = ?1 AND number = ?2";
                let mut count = transaction.prepare_cached(count)?;
                count.execute(params![student.0, number])?;
            }
            Ok(())
        })
    }

    /// Goes through the attempts of the class, in the order of students and numbers,
    /// without having all of them in memory.
    ///
    /// # Errors
    ///
    /// If the book cannot be read, or `each` says so.
    pub fn attempts<E: From<BookError>>(
        &self,
        each: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let of_class = "sitting = (SELECT max(id) FROM sittings)";
        self.query(of_class, each)
    }

    /// The same for those that count: one for each student.
    ///
    /// # Errors
    ///
    /// If the book cannot be read, or `each` says so.
    pub fn class<E: From<BookError>>(
        &self,
        each: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let of_class = "sitting = (SELECT max(id) FROM sittings) AND counts = 1";
        self.query(of_class, each)
    }

    /// The attempt of a student that counts; none if the class has no such student.
    ///
    /// # Errors
    ///
    /// If the book cannot be read.
    pub fn counting(&self, student: &StudentId) -> Result<Option<Entry>, BookError> {
        let query = format!(
            "SELECT {COLUMNS} FROM attempts
             WHERE student = ?1 AND counts = 1 AND sitting = (SELECT max(id) FROM sittings)"
        );
        let row = self.db.query_row(&query, params![student.0], entry);
        row.optional().map_err(|error| self.unreadable(error))
    }

    fn query<E: From<BookError>>(
        &self,
        wanted: &str,
        mut each: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let query =
            format!("SELECT {COLUMNS} FROM attempts WHERE {wanted} ORDER BY student, number");
        let fault = |error| E::from(self.unreadable(error));
        let mut statement = self.db.prepare(&query).map_err(fault)?;
        for row in statement.query_map([], entry).map_err(fault)? {
            each(row.map_err(fault)?)?;
        }
        Ok(())
    }

    pub(crate) fn at_once<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, BookError> {
        let work = |transaction: Transaction<'_>| {
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        let done = self.db.transaction().and_then(work);
        done.map_err(|error| self.sql(error))
    }

    /// What cannot be read as what it ought to be is damage.
    pub(crate) fn unreadable(&self, error: rusqlite::Error) -> BookError {
        match error {
            rusqlite::Error::FromSqlConversionFailure(..) => self.damaged(error.to_string()),
            error => self.sql(error),
        }
    }
}

/// No attempt of this student counts any more.
fn reset(transaction: &Transaction<'_>, student: &StudentId) -> rusqlite::Result<()> {
    let reset = "UPDATE attempts SET counts = 0 WHERE student = ?1 AND counts = 1";
    let mut reset = transaction.prepare_cached(reset)?;
    reset.execute(params![student.0]).map(drop)
}

/// Enters the class of a sitting.
pub(crate) fn enter_all(
    transaction: &Transaction<'_>,
    sitting: i64,
    class: &[Entered],
) -> rusqlite::Result<()> {
    for Entered { attempt, .. } in class {
        reset(transaction, &attempt.student)?;
    }
    class
        .iter()
        .try_for_each(|entered| enter(transaction, sitting, entered))
}

fn enter(transaction: &Transaction<'_>, sitting: i64, entered: &Entered) -> rusqlite::Result<()> {
    let Entered { attempt, role } = entered;
    let Attempt {
        student,
        partners,
        number,
        at,
        marked_late,
        label,
        path: _,
    } = attempt;
    // Another label or another time is another hand-in.
    let mut statement = transaction.prepare_cached(
        "INSERT INTO attempts (student, number, at, marked_late, label, partners, sitting, counts)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (student, number) DO UPDATE SET
             source = iif(at IS excluded.at AND label = excluded.label, source, NULL),
             refusal = iif(at IS excluded.at AND label = excluded.label, refusal, NULL),
             ignored = iif(at IS excluded.at AND label = excluded.label, ignored, '[]'),
             at = excluded.at, marked_late = excluded.marked_late, label = excluded.label,
             partners = excluded.partners, sitting = excluded.sitting, counts = excluded.counts",
    )?;
    let at = at.map(|at| at.to_string());
    let partners = json(partners)?;
    let row = params![
        student.0,
        number,
        at,
        marked_late,
        label,
        partners,
        sitting,
        *role == Role::Counts
    ];
    statement.execute(row).map(drop)
}

fn note(transaction: &Transaction<'_>, found: &Found) -> rusqlite::Result<()> {
    let Found {
        student,
        number,
        taken,
        ignored,
    } = found;
    let mut statement = transaction.prepare_cached(
        "UPDATE attempts SET source = ?3, refusal = ?4, ignored = ?5
         WHERE student = ?1 AND number = ?2",
    )?;
    let (source, refusal) = match taken {
        Ok(source) => (Some(source.to_string()), None),
        Err(refusal) => (None, Some(refusal)),
    };
    let row = params![student.0, number, source, refusal, json(ignored)?];
    statement.execute(row).map(drop)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let taken = match (row.get(7)?, row.get(8)?) {
        (Some(source), _) => Taken::Sources(parsed::<SourceHash>(7, source)?),
        (None, Some(refusal)) => Taken::Refused(refusal),
        (None, None) => Taken::Unread,
    };
    let at: Option<String> = row.get(2)?;
    Ok(Entry {
        student: StudentId(row.get(0)?),
        number: row.get(1)?,
        at: at.map(|at| parsed::<Timestamp>(2, at)).transpose()?,
        marked_late: row.get(3)?,
        label: row.get(4)?,
        partners: list(row, 5)?,
        counts: row.get(6)?,
        taken,
        ignored: list(row, 9)?,
    })
}

/// A column that has a text of this form.
pub(crate) fn parsed<T: std::str::FromStr>(column: usize, text: String) -> rusqlite::Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|error| unlike(column, error))
}

fn list<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<T>> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| unlike(column, error))
}

pub(crate) fn unlike(
    column: usize,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    let kind = rusqlite::types::Type::Text;
    rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(error))
}

fn json(value: &impl serde::Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}
