//! One grader at a time: the lock of a book, and who has it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::error::BookError;

/// A book that nobody else writes. The kernel gives the lock back when the process ends,
/// however it ends; the file stays, so that all lock the same one.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a book.
    pub fn take(book: &Path) -> Result<Self, BookError> {
        let path = beside(book);
        let fault = |error| BookError::File {
            path: path.clone(),
            error,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(fault)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(BookError::Busy {
                    path: book.to_owned(),
                    who: who_has(&mut file),
                });
            }
            Err(TryLockError::Error(error)) => return Err(fault(error)),
        }
        sign(&mut file).map_err(fault)?;
        Ok(Self { _file: file })
    }
}

fn beside(book: &Path) -> PathBuf {
    book.with_extension("lock")
}

/// Says who has it, for whoever comes and finds it taken.
fn sign(file: &mut File) -> io::Result<()> {
    let machine = rustix::system::uname();
    let text = format!(
        "process {} on {}, since {}\n",
        std::process::id(),
        machine.nodename().to_string_lossy(),
        Timestamp::now().strftime("%Y-%m-%d %H:%M:%S UTC"),
    );
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(text.as_bytes())
}

fn who_has(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.read_to_string(&mut text);
    match read {
        Ok(_) if !text.trim().is_empty() => text.trim().to_owned(),
        _ => "it has not said who it is yet".to_owned(),
    }
}
