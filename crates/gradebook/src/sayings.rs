//! What people say of a grade, in a book.

use std::collections::BTreeMap;

use roster::student::StudentId;
use rusqlite::{Row, params};

use crate::attempts::{parsed, unlike};
use crate::book::Book;
use crate::error::BookError;
use crate::overlay::{Said, Saying};

/// The columns, in the order in which [`said`] reads them.
const COLUMNS: &str = "student, lab, kind, points, undoes, remark, author, at";

impl Book {
    /// Writes down what somebody says. When this is back, it is on the disk. The same said
    /// at the same time is said once.
    ///
    /// # Errors
    ///
    /// If the book cannot be written, or something else was said at this very time.
    pub fn say(&mut self, said: &Said) -> Result<(), BookError> {
        let Said {
            student,
            lab,
            saying,
            remark,
            author,
            at,
        } = said;
        if self.overlay_of(student)?.contains(said) {
            return Ok(());
        }
        let (kind, points, undoes) = match saying {
            Saying::Add(points) => ("add", Some(points.to_string()), None),
            Saying::Set(points) => ("set", Some(points.to_string()), None),
            Saying::Undo(at) => ("undo", None, Some(at.to_string())),
        };
        let insert =
            format!("INSERT INTO overlay ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        let row = params![
            student.0,
            lab,
            kind,
            points,
            undoes,
            remark,
            author,
            at.to_string()
        ];
        let inserted = self.db.execute(&insert, row);
        inserted.map(drop).map_err(|error| self.sql(error))
    }

    /// What was said of a student, in the order of time.
    ///
    /// # Errors
    ///
    /// If the book cannot be read.
    pub fn overlay_of(&self, student: &StudentId) -> Result<Vec<Said>, BookError> {
        let mut all = self.sayings(Some(student))?;
        Ok(all.remove(student).unwrap_or_default())
    }

    /// What was said of anybody, in the order of time.
    ///
    /// # Errors
    ///
    /// If the book cannot be read.
    pub fn overlay(&self) -> Result<BTreeMap<StudentId, Vec<Said>>, BookError> {
        self.sayings(None)
    }

    fn sayings(&self, of: Option<&StudentId>) -> Result<BTreeMap<StudentId, Vec<Said>>, BookError> {
        let query = format!("SELECT {COLUMNS} FROM overlay WHERE ?1 IS NULL OR student = ?1");
        let fault = |error| self.unreadable(error);
        let mut statement = self.db.prepare_cached(&query).map_err(fault)?;
        let rows = statement.query_map(params![of.map(|of| &of.0)], said);
        let mut all: BTreeMap<StudentId, Vec<Said>> = BTreeMap::new();
        for row in rows.map_err(fault)? {
            let said = row.map_err(fault)?;
            all.entry(said.student.clone()).or_default().push(said);
        }
        // As a text, a time with a fraction does not sort behind one without.
        all.values_mut()
            .for_each(|said| said.sort_by_key(|one| one.at));
        Ok(all)
    }
}

fn said(row: &Row<'_>) -> rusqlite::Result<Said> {
    let kind: String = row.get(2)?;
    let points = |column| parsed(column, row.get(column)?);
    let saying = match kind.as_str() {
        "add" => Saying::Add(points(3)?),
        "set" => Saying::Set(points(3)?),
        "undo" => Saying::Undo(parsed(4, row.get(4)?)?),
        _ => return Err(unlike(2, UnknownKind)),
    };
    Ok(Said {
        student: StudentId(row.get(0)?),
        lab: row.get(1)?,
        saying,
        remark: row.get(5)?,
        author: row.get(6)?,
        at: parsed(7, row.get(7)?)?,
    })
}

/// Nobody says anything of this kind.
#[derive(Debug, thiserror::Error)]
#[error("unknown kind of remark")]
struct UnknownKind;
