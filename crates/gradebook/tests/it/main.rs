//! Tests of the gradebook, as files in temporary folders.

mod attempts;
mod best;
mod book;
mod canonical;
mod explanation;
mod gradings;
mod key;
mod merge;
mod moved;
mod overlay;
mod rules;
mod sayings;
mod shown;
mod standing;

use std::fs;
use std::path::PathBuf;

use collect::attempt::Attempt;
use gradebook::attempts::{Entered, Found, Role};
use gradebook::book::{Book, FILE};
use gradebook::entry::Entry;
use gradebook::error::BookError;
use gradebook::key::{Conditions, KeySet, Policy, Toolchain};
use gradebook::sittings::{Asked, Scope, Sitting};
use grader::grade::refused;
use grader::intake::hash::SourceHash;
use grader::result::SubmissionResult;
use roster::student::StudentId;
use tempfile::TempDir;
use verdict::end::End;

/// A folder with a book in it.
struct Shelf(TempDir);

impl Shelf {
    fn new() -> Self {
        Self(TempDir::new().expect("a temporary folder"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join(FILE)
    }

    fn open(&self) -> Book {
        self.try_open().unwrap_or_else(|error| panic!("{error}"))
    }

    fn try_open(&self) -> Result<Book, BookError> {
        Book::open(&self.path())
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.0.path()).expect("a folder");
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort();
        files
    }
}

/// Conditions whose parts all begin with this letter.
fn conditions(key_set: char) -> Conditions {
    Conditions {
        key_set: KeySet::from_digits(&key_set.to_string().repeat(64)).expect("a hash"),
        toolchain: Toolchain::said("rustc 1.95.0"),
        policy: Policy::from_digits(&"b".repeat(64)).expect("a hash"),
        max: 10.0,
    }
}

fn source(text: &str) -> SourceHash {
    SourceHash::of([("lab1.rs", text)])
}

/// A result with this end and these points, of ten.
fn result(end: End, score: f64) -> SubmissionResult {
    SubmissionResult {
        end,
        score,
        ..refused(String::new(), 10.0)
    }
}

/// An attempt of a student's, which counts.
fn entered(student: &str, number: u32) -> Entered {
    Entered {
        attempt: Attempt {
            student: StudentId(student.to_owned()),
            partners: Vec::new(),
            number,
            at: None,
            marked_late: false,
            label: format!("{student}_{number}.zip"),
            path: PathBuf::from("/nowhere"),
        },
        role: Role::Counts,
    }
}

fn found(student: &str, number: u32, text: &str) -> Found {
    Found {
        student: StudentId(student.to_owned()),
        number,
        taken: Ok(source(text)),
        ignored: Vec::new(),
    }
}

/// A sitting of what has changed.
fn changed(conditions: Conditions) -> Asked {
    Asked {
        conditions,
        scope: Scope::Changed,
        shard: None,
    }
}

/// Sits with this class, under conditions that begin with this letter.
fn sit(book: &mut Book, letter: char, class: &[Entered]) -> Sitting {
    let sitting = book.sit(&changed(conditions(letter)), class);
    sitting.unwrap_or_else(|error| panic!("{error}"))
}

fn entries(book: &Book) -> Vec<Entry> {
    let mut all = Vec::new();
    let collected = book.attempts(|entry| {
        all.push(entry);
        Ok::<(), BookError>(())
    });
    collected.unwrap_or_else(|error| panic!("{error}"));
    all
}
