//! Which `class.toml` a class was graded with.
//!
//! What being late costs is not in a book, but follows from that file, which may have changed
//! since: an extension that is given later counts. Whoever asks a book later, and forgot to
//! name the file, must not be told of a course without a late policy.

use std::path::{Path, PathBuf};

use rusqlite::{OptionalExtension, params};

use crate::book::Book;
use crate::error::BookError;

/// The name under which it is noted.
const COURSE: &str = "course";

impl Book {
    /// Notes with which file the class was graded; or that there was none.
    ///
    /// # Errors
    ///
    /// If the book cannot be written.
    pub fn note_course(&mut self, file: Option<&Path>) -> Result<(), BookError> {
        let noted = match file {
            Some(file) => self.db.execute(
                "INSERT INTO meta (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                params![COURSE, file.to_string_lossy()],
            ),
            None => self
                .db
                .execute("DELETE FROM meta WHERE name = ?1", [COURSE]),
        };
        noted.map(drop).map_err(|error| self.sql(error))
    }

    /// With which file the class was graded last; none if there was none.
    ///
    /// # Errors
    ///
    /// If the book cannot be read.
    pub fn course(&self) -> Result<Option<PathBuf>, BookError> {
        let query = "SELECT value FROM meta WHERE name = ?1";
        let file: rusqlite::Result<String> = self.db.query_row(query, [COURSE], |row| row.get(0));
        let file = file.optional().map_err(|error| self.sql(error))?;
        Ok(file.map(PathBuf::from))
    }
}
