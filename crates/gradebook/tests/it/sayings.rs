//! What people say of a grade, in a book.

use gradebook::book::Book;
use gradebook::overlay::{Said, Saying};
use roster::cost::Cents;
use roster::student::StudentId;

use crate::Shelf;

fn said(student: &str, at: &str, saying: Saying) -> Said {
    Said {
        student: StudentId(student.to_owned()),
        lab: Some(2),
        saying,
        remark: "'); DROP TABLE overlay; -- \u{202e}".to_owned(),
        author: "Ada & Eve <ada@x>".to_owned(),
        at: at.parse().unwrap(),
    }
}

fn of(book: &Book, student: &str) -> Vec<Said> {
    book.overlay_of(&StudentId(student.to_owned())).unwrap()
}

#[test]
fn what_was_said_is_read_back_in_the_order_of_time() {
    let shelf = Shelf::new();
    let mut book = shelf.open();
    let first = said("ada", "2026-11-25T10:00:00Z", Saying::Add(Cents(-50)));
    let second = said("ada", "2026-11-25T10:00:00.5Z", Saying::Set(Cents(1_250)));
    let third = said("ada", "2026-11-25T10:00:01Z", Saying::Undo(first.at));
    let other = said("eve", "2026-11-25T10:00:00Z", Saying::Add(Cents(100)));
    for one in [&third, &other, &first, &second] {
        book.say(one).unwrap();
    }
    drop(book);
    let book = Book::read_only(&shelf.path()).unwrap();
    assert_eq!(of(&book, "ada"), [first, second, third]);
    assert_eq!(of(&book, "nobody"), []);
    let all = book.overlay().unwrap();
    assert_eq!(all[&other.student], [other]);
    assert_eq!(all.len(), 2);
}

#[test]
fn the_same_is_said_once_and_nothing_else_at_the_same_time() {
    let shelf = Shelf::new();
    let mut book = shelf.open();
    let one = said("ada", "2026-11-25T10:00:00Z", Saying::Add(Cents(50)));
    book.say(&one).unwrap();
    book.say(&one).unwrap();
    let other = said("ada", "2026-11-25T10:00:00Z", Saying::Add(Cents(60)));
    assert!(book.say(&other).is_err());
    assert_eq!(of(&book, "ada"), [one]);
}
