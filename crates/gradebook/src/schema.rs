//! The form of a book, and how one of an earlier form becomes one of ours.
//!
//! A version is never changed once a kit with it was handed out: what is different from
//! then on is another file in `schema/`, and the test of the version before it stays.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

/// What `PRAGMA application_id` says of a book: `FLGB`.
pub(crate) const APPLICATION: i32 = i32::from_be_bytes(*b"FLGB");

const STEPS: &[M<'static>] = &[M::up(include_str!("schema/1.sql"))];

/// From nothing, and from every version, to ours.
pub(crate) const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// Our version.
pub(crate) const VERSION: i64 = STEPS.len() as i64;

/// What a database says that it is.
pub(crate) struct Stamp {
    application: i32,
    pub version: i64,
    tables: i64,
}

impl Stamp {
    pub fn read(db: &Connection) -> rusqlite::Result<Self> {
        let number = |query: &str| db.query_row(query, [], |row| row.get(0));
        Ok(Self {
            application: db.query_row("PRAGMA application_id", [], |row| row.get(0))?,
            version: number("PRAGMA user_version")?,
            tables: number("SELECT count(*) FROM sqlite_schema")?,
        })
    }

    /// Whether nobody has written anything yet, or whoever did was stopped before the
    /// first table.
    pub fn is_blank(&self) -> bool {
        self.application == 0 && self.version == 0 && self.tables == 0
    }

    pub fn is_book(&self) -> bool {
        self.application == APPLICATION
    }
}
