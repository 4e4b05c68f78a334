//! A book as a file: whose it is, what it is not, and who has it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use gradebook::book::Book;
use rusqlite::Connection;

use crate::{Shelf, changed, conditions, entered, entries, sit};

fn said<T>(result: Result<T, gradebook::error::BookError>) -> String {
    let error = result.err().expect("a refusal");
    assert!(error.is_bad_input(), "{error}");
    error.to_string()
}

#[test]
fn a_new_book_and_all_that_is_beside_it_is_its_owners_alone() {
    let shelf = Shelf::new();
    let mut book = shelf.open();
    sit(&mut book, 'a', &[]);
    let names: Vec<_> = shelf.files();
    assert_eq!(names.len(), 4, "no log, index or lock: {names:?}");
    for file in names {
        let mode = fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
}

#[test]
fn a_book_that_others_could_read_is_made_private() {
    let shelf = Shelf::new();
    drop(shelf.open());
    let open = fs::Permissions::from_mode(0o644);
    fs::set_permissions(shelf.path(), open).expect("our file");
    drop(shelf.open());
    let mode = fs::metadata(shelf.path()).expect("a file").permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
}

#[test]
fn what_is_no_database_is_refused_and_stays_as_it_was() {
    let shelf = Shelf::new();
    let letter = "Dear students, this is no database.\n".repeat(40);
    fs::write(shelf.path(), &letter).expect("a written file");
    let said = said(shelf.try_open());
    assert!(
        said.contains("this file is no gradebook: SQLite cannot read it\nhelp: "),
        "{said}"
    );
    assert_eq!(fs::read_to_string(shelf.path()).expect("a file"), letter);
}

#[test]
fn a_database_of_another_program_is_refused_and_stays_as_it_was() {
    let shelf = Shelf::new();
    let other = Connection::open(shelf.path()).expect("a database");
    other
        .execute_batch("CREATE TABLE songs (title TEXT)")
        .expect("a table");
    drop(other);
    let before = fs::read(shelf.path()).expect("a file");
    for said in [said(shelf.try_open()), said(Book::read_only(&shelf.path()))] {
        assert!(said.contains("a database of another program's"), "{said}");
    }
    assert_eq!(fs::read(shelf.path()).expect("a file"), before);
}

#[test]
fn a_book_of_a_later_kit_is_refused() {
    let shelf = Shelf::new();
    drop(shelf.open());
    let later = Connection::open(shelf.path()).expect("a database");
    later
        .pragma_update(None, "user_version", 99)
        .expect("a number");
    drop(later);
    for said in [said(shelf.try_open()), said(Book::read_only(&shelf.path()))] {
        assert!(said.contains("has form 99, and this kit knows 1"), "{said}");
        assert!(said.contains("help: use the kit that wrote it"), "{said}");
    }
}

#[test]
fn who_reads_where_no_book_is_makes_none() {
    let shelf = Shelf::new();
    let said = said(Book::read_only(&shelf.path()));
    assert!(
        said.contains("there is no gradebook\nhelp: `cargo xtask grade --out"),
        "{said}"
    );
    assert!(shelf.files().is_empty());
}

#[test]
fn a_second_grader_is_told_who_has_the_book() {
    let shelf = Shelf::new();
    let first = shelf.open();
    let said = said(shelf.try_open());
    let who = format!(
        "another grader writes this gradebook: process {} on ",
        std::process::id()
    );
    assert!(said.contains(&who), "{said}");
    drop(first);
    shelf.open();
}

#[test]
fn a_book_is_read_while_it_is_written() {
    let shelf = Shelf::new();
    let mut book = shelf.open();
    sit(&mut book, 'a', &[entered("ada", 1)]);
    let reader = Book::read_only(&shelf.path()).expect("a reader");
    assert_eq!(entries(&reader).len(), 1);
    sit(&mut book, 'a', &[entered("ada", 1), entered("ben", 1)]);
    assert_eq!(entries(&reader).len(), 2);
}

#[test]
fn who_only_reads_writes_nothing() {
    let shelf = Shelf::new();
    drop(shelf.open());
    let mut reader = Book::read_only(&shelf.path()).expect("a reader");
    assert!(reader.sit(&changed(conditions('a')), &[]).is_err());
}

#[test]
fn a_book_that_was_stopped_before_its_first_table_is_a_new_one() {
    let shelf = Shelf::new();
    let begun = Connection::open(shelf.path()).expect("a database");
    begun
        .pragma_update(None, "journal_mode", "wal")
        .expect("a log");
    drop(begun);
    sit(&mut shelf.open(), 'a', &[]);
}

/// Written by the first kit that had a book, and never to be changed.
#[test]
fn a_book_of_version_1_is_read() {
    let shelf = Shelf::new();
    let old = Connection::open(shelf.path()).expect("a database");
    old.execute_batch(include_str!("../books/version-1.sql"))
        .expect("a book");
    drop(old);
    let book = shelf.open();
    let told: Vec<String> = entries(&book)
        .iter()
        .map(|entry| {
            let sitting = book.latest_sitting().expect("read").expect("a sitting");
            let result = book.result_of(entry, &sitting.conditions).expect("read");
            format!(
                "{} {} {} {}",
                entry.student, entry.number, result.end, result.score
            )
        })
        .collect();
    assert_eq!(
        told,
        ["ada 1 not graded 0", "ada 2 passed 10", "ben 1 refused 0"]
    );
}
