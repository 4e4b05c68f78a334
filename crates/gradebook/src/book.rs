//! A book: one file, and whoever has it open.

use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::BookError;
use crate::lock::Lock;
use crate::schema::{MIGRATIONS, Stamp, VERSION};

/// What a book is called in the folder of results.
pub const FILE: &str = "gradebook.sqlite";

/// How long a reader waits for a writer that is just about to finish, and the other way
/// round. A transaction takes some milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// A gradebook that is open.
#[derive(Debug)]
pub struct Book {
    path: PathBuf,
    pub(crate) db: Connection,
    _lock: Option<Lock>,
}

impl Book {
    /// Opens a book for writing, and makes it if there is none. Nobody but its owner can
    /// read it, and nobody else writes it meanwhile.
    ///
    /// # Errors
    ///
    /// If the file is something else, of a later kit, or in use by another grader.
    pub fn open(path: &Path) -> Result<Self, BookError> {
        let fault = |error| file(path, error);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(fault)?;
        }
        let lock = Lock::take(path)?;
        make_private(path).map_err(fault)?;
        let mut book = Self {
            path: path.to_owned(),
            db: Connection::open(path).map_err(|error| sql(path, error))?,
            _lock: Some(lock),
        };
        book.db
            .busy_timeout(PATIENCE)
            .map_err(|error| sql(path, error))?;
        let stamp = book.stamp()?;
        if !stamp.is_blank() {
            book.expect_ours(&stamp)?;
        }
        book.prepare().map_err(|error| sql(path, error))?;
        let migrated = MIGRATIONS.to_latest(&mut book.db);
        migrated.map_err(|error| BookError::Damaged {
            path: path.to_owned(),
            what: error.to_string(),
        })?;
        Ok(book)
    }

    /// Opens a book for reading; a grader may write it meanwhile.
    ///
    /// # Errors
    ///
    /// If there is none, or it is something else, or of another version.
    pub fn read_only(path: &Path) -> Result<Self, BookError> {
        if !path.exists() {
            let path = path.to_owned();
            return Err(BookError::Missing { path });
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags).map_err(|error| sql(path, error))?;
        db.busy_timeout(PATIENCE)
            .map_err(|error| sql(path, error))?;
        let book = Self {
            path: path.to_owned(),
            db,
            _lock: None,
        };
        let stamp = book.stamp()?;
        book.expect_ours(&stamp)?;
        match stamp.version {
            VERSION => Ok(book),
            found => Err(BookError::Older {
                path: path.to_owned(),
                found,
                known: VERSION,
            }),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn stamp(&self) -> Result<Stamp, BookError> {
        Stamp::read(&self.db).map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => self.not_a_book("SQLite cannot read it".to_owned()),
            _ => self.sql(error),
        })
    }

    fn expect_ours(&self, stamp: &Stamp) -> Result<(), BookError> {
        if !stamp.is_book() {
            return Err(self.not_a_book("it is a database of another program's".to_owned()));
        }
        match stamp.version > VERSION {
            false => Ok(()),
            true => Err(BookError::Newer {
                path: self.path.clone(),
                found: stamp.version,
                known: VERSION,
            }),
        }
    }

    fn not_a_book(&self, why: String) -> BookError {
        let path = self.path.clone();
        BookError::NotABook { path, why }
    }

    /// A write-ahead log, so that readers see the class as it was while a grader writes;
    /// and no transaction is done before it is on the disk. A submission takes seconds to
    /// grade and a write some milliseconds: there is nothing to gain from less.
    fn prepare(&self) -> rusqlite::Result<()> {
        self.db.pragma_update(None, "journal_mode", "wal")?;
        self.db.pragma_update(None, "synchronous", "full")?;
        self.db.pragma_update(None, "foreign_keys", "on")
    }

    pub(crate) fn sql(&self, error: rusqlite::Error) -> BookError {
        sql(&self.path, error)
    }

    pub(crate) fn damaged(&self, what: impl Into<String>) -> BookError {
        BookError::Damaged {
            path: self.path.clone(),
            what: what.into(),
        }
    }
}

/// Makes the file, if there is none, so that nobody else can ever have opened it. SQLite
/// gives its log and its index the mode of the book.
fn make_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let mode = fs::metadata(path)?.permissions().mode();
            match mode & 0o077 {
                0 => Ok(()),
                _ => fs::set_permissions(path, Permissions::from_mode(0o600)),
            }
        }
        made => made.map(drop),
    }
}

fn file(path: &Path, error: io::Error) -> BookError {
    let path = path.to_owned();
    BookError::File { path, error }
}

fn sql(path: &Path, error: rusqlite::Error) -> BookError {
    let path = path.to_owned();
    BookError::Sql { path, error }
}
