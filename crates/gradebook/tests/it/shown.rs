//! The class of a book, as reports read it.

use std::io;

use course::feedback::Feedback;
use gradebook::book::Book;
use gradebook::rules::Rules;
use gradebook::shown::ShownBook;
use grader::feedback::Shown;
use roster::class::Class;
use verdict::end::End;

use crate::{Shelf, entered, found, result, sit, source};

/// A book with two who have handed in the same, and one whom nobody has come to.
fn book(shelf: &Shelf) -> Book {
    let mut book = shelf.open();
    let class = ["cyd", "ada", "ben"].map(|student| entered(student, 1));
    let sitting = sit(&mut book, 'a', &class);
    let notes = [found("ada", 1, "work"), found("ben", 1, "work")];
    book.note(&notes).expect("noted");
    let graded = result(End::Failed, 7.0);
    book.record(&sitting, &source("work"), &graded)
        .expect("recorded");
    book
}

fn shown(book: &mut Book) -> ShownBook<'_> {
    let rules = Rules::new(Class::default(), &[1]).expect("rules");
    ShownBook::read(book, rules, Feedback::Category).expect("a class")
}

fn lines(class: &impl Shown) -> Vec<String> {
    let mut lines = Vec::new();
    let read = class.each(|shown| {
        let it = shown.submission();
        let standing = it.standing.as_ref().expect("a standing");
        lines.push(format!("{} {} {:?}", it.id, it.end, standing.points));
        Ok(())
    });
    read.expect("a class");
    lines
}

#[test]
fn a_class_is_shown_in_the_order_of_ids_and_as_often_as_one_likes() {
    let shelf = Shelf::new();
    let mut book = book(&shelf);
    let class = shown(&mut book);
    let all = [
        "ada failed Some(7.0)",
        "ben failed Some(7.0)",
        "cyd not graded None",
    ];
    assert_eq!(lines(&class), all);
    assert_eq!(lines(&class), all);
    assert_eq!(class.ids().expect("ids"), ["ada", "ben", "cyd"]);
}

#[test]
fn whoever_is_shown_a_class_may_stop() {
    let shelf = Shelf::new();
    let mut book = book(&shelf);
    let mut seen = 0;
    let stopped = shown(&mut book).each(|_| {
        seen += 1;
        Err(io::Error::other("the disk is full"))
    });
    let error = stopped.expect_err("stopped").to_string();
    assert_eq!((seen, error.as_str()), (1, "the disk is full"));
}

#[test]
fn a_new_book_shows_nobody() {
    let shelf = Shelf::new();
    let mut book = shelf.open();
    assert_eq!(lines(&shown(&mut book)), [""; 0]);
}
