//! Gradings: what is remembered, what is not, and what counts.

use gradebook::book::Book;
use gradebook::key::Conditions;
use gradebook::sittings::{Asked, Scope, Sitting};
use grader::grade::not_graded;
use grader::result::{LabResult, PartResult, Points, SubmissionResult};
use rusqlite::Connection;
use verdict::end::End;

use crate::{Shelf, changed, conditions, entered, entries, found, result, sit, source};

/// A book with ada, who handed in `text`.
fn with_ada(shelf: &Shelf, text: &str) -> (Book, Sitting) {
    let mut book = shelf.open();
    let sitting = sit(&mut book, 'a', &[entered("ada", 1)]);
    book.note(&[found("ada", 1, text)]).expect("noted");
    (book, sitting)
}

fn result_of_ada(book: &Book, conditions: &Conditions) -> SubmissionResult {
    book.result_of(&entries(book)[0], conditions).expect("read")
}

/// A result of one lab with one part, which came to this end.
fn with_part(end: End, sealed: Points) -> SubmissionResult {
    let part = PartResult {
        name: "classify".to_owned(),
        concept: "faults".to_owned(),
        end,
        score: 1.0,
        max: 10.0,
        sealed,
        shares: Vec::new(),
    };
    SubmissionResult {
        labs: vec![LabResult {
            number: 1,
            title: "Classify".to_owned(),
            score: 1.0,
            max: 10.0,
            parts: vec![part],
        }],
        ..result(End::Passed, 1.0)
    }
}

#[test]
fn what_is_recorded_is_known_under_the_same_conditions_alone() {
    let shelf = Shelf::new();
    let (mut book, sitting) = with_ada(&shelf, "code");
    let passed = result(End::Passed, 10.0);
    book.record(&sitting, &source("code"), &passed)
        .expect("recorded");
    assert!(
        book.known(&sitting)
            .expect("read")
            .contains(&source("code"))
    );
    assert!(
        !book
            .known(&sitting)
            .expect("read")
            .contains(&source("other"))
    );
    book.finish(&sitting).expect("finished");
    let other = sit(&mut book, 'c', &[entered("ada", 1)]);
    assert!(book.known(&other).expect("read").is_empty());
    assert_eq!(result_of_ada(&book, &conditions('c')).end, End::NotGraded);
}

#[test]
fn a_result_has_the_name_of_who_handed_it_in_and_what_was_ignored_of_theirs() {
    let shelf = Shelf::new();
    let (mut book, sitting) = with_ada(&shelf, "code");
    sit(&mut book, 'a', &[entered("ada", 1), entered("ben", 1)]);
    let mut bens = found("ben", 1, "code");
    bens.ignored = vec!["Makefile".to_owned()];
    book.note(&[bens]).expect("noted");
    let mut adas = result(End::Failed, 3.0);
    (adas.id, adas.ignored) = ("ada".to_owned(), vec!["notes.md".to_owned()]);
    book.record(&sitting, &source("code"), &adas)
        .expect("recorded");
    let results = entries(&book);
    let told: Vec<_> = results
        .iter()
        .map(|entry| book.result_of(entry, &sitting.conditions).expect("read"))
        .map(|result| (result.id, result.score, result.ignored))
        .collect();
    let makefile = vec!["Makefile".to_owned()];
    assert_eq!(
        told,
        [
            ("ada".to_owned(), 3.0, vec![]),
            ("ben".to_owned(), 3.0, makefile)
        ]
    );
}

#[test]
fn sealed_points_are_not_forgotten() {
    let shelf = Shelf::new();
    let (mut book, sitting) = with_ada(&shelf, "code");
    let (score, max) = (1.0 / 3.0, 0.1 + 0.2);
    let sealed = with_part(End::Passed, Points { score, max });
    book.record(&sitting, &source("code"), &sealed)
        .expect("recorded");
    let part = result_of_ada(&book, &sitting.conditions).labs[0].parts[0].clone();
    assert_eq!(part.sealed, Points { score, max });
}

#[test]
fn what_was_not_graded_is_shown_and_tried_again() {
    for unknown in [
        not_graded("no memory".to_owned()),
        with_part(End::NotGraded, Points::default()),
    ] {
        let shelf = Shelf::new();
        let (mut book, sitting) = with_ada(&shelf, "code");
        book.record(&sitting, &source("code"), &unknown)
            .expect("recorded");
        assert!(book.known(&sitting).expect("read").is_empty());
        let shown = result_of_ada(&book, &sitting.conditions);
        assert_eq!((shown.end, shown.message), (unknown.end, unknown.message));
        let passed = result(End::Passed, 10.0);
        book.record(&sitting, &source("code"), &passed)
            .expect("recorded");
        assert_eq!(book.known(&sitting).expect("read").len(), 1);
        assert_eq!(result_of_ada(&book, &sitting.conditions).score, 10.0);
    }
}

#[test]
fn what_is_known_is_not_lost_if_it_cannot_be_graded_again() {
    let shelf = Shelf::new();
    let (mut book, sitting) = with_ada(&shelf, "code");
    let passed = result(End::Passed, 10.0);
    book.record(&sitting, &source("code"), &passed)
        .expect("recorded");
    let fault = not_graded("no memory".to_owned());
    book.record(&sitting, &source("code"), &fault)
        .expect("recorded");
    assert_eq!(result_of_ada(&book, &sitting.conditions).score, 10.0);
}

#[test]
fn a_sitting_that_was_stopped_goes_on() {
    let shelf = Shelf::new();
    let (book, first) = with_ada(&shelf, "code");
    drop(book);
    let mut book = shelf.open();
    assert_eq!(sit(&mut book, 'a', &[]).number, first.number);
    assert_ne!(sit(&mut book, 'c', &[]).number, first.number);
}

#[test]
fn who_asks_for_everything_again_gets_it_once_and_the_old_results_stay() {
    let shelf = Shelf::new();
    let (mut book, first) = with_ada(&shelf, "code");
    let old = result(End::Failed, 3.0);
    book.record(&first, &source("code"), &old)
        .expect("recorded");
    book.finish(&first).expect("finished");
    let fresh = |book: &mut Book| {
        let asked = Asked {
            scope: Scope::Everything,
            ..changed(conditions('a'))
        };
        book.sit(&asked, &[]).expect("a sitting")
    };
    let second = fresh(&mut book);
    assert!(book.known(&second).expect("read").is_empty());
    let new = result(End::Passed, 10.0);
    book.record(&second, &source("code"), &new)
        .expect("recorded");
    // It was stopped; whoever goes on, asks for everything or not, grades nothing twice.
    for stopped in [fresh(&mut book), sit(&mut book, 'a', &[])] {
        assert_eq!(stopped.number, second.number);
        assert_eq!(book.known(&stopped).expect("read").len(), 1);
    }
    book.record(&second, &source("code"), &new)
        .expect("recorded");
    let history = book.history(&source("code")).expect("read");
    let scores: Vec<f64> = history.iter().map(|it| it.result.score).collect();
    assert_eq!(scores, [10.0, 3.0]);
}

#[test]
fn what_stands_in_a_book_is_not_changed() {
    let shelf = Shelf::new();
    let (mut book, sitting) = with_ada(&shelf, "code");
    let passed = result(End::Passed, 10.0);
    book.record(&sitting, &source("code"), &passed)
        .expect("recorded");
    drop(book);
    let forger = Connection::open(shelf.path()).expect("a database");
    forger
        .execute_batch(
            "INSERT INTO overlay (student, lab, kind, points, remark, author, at)
             VALUES ('ada', NULL, 'add', '-0.5', 'a remark', 'eve', '2026-11-27T22:59:59Z')",
        )
        .expect("a remark");
    for (statement, said) in [
        (
            "UPDATE gradings SET result = '{}'",
            "a grading is never changed",
        ),
        ("DELETE FROM gradings", "a grading is never removed"),
        (
            "UPDATE overlay SET points = '5'",
            "what was said is never changed",
        ),
        ("DELETE FROM overlay", "what was said is never removed"),
    ] {
        let error = forger.execute_batch(statement).expect_err(statement);
        assert!(error.to_string().contains(said), "{error}");
    }
}
