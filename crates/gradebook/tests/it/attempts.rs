//! Attempts: what is entered, and what was found in them.

use gradebook::attempts::{Entered, Found, Role};
use gradebook::entry::Taken;
use roster::student::StudentId;

use crate::{Shelf, changed, conditions, entered, entries, found, sit, source};

#[test]
fn attempts_come_back_as_they_were_entered_in_the_order_of_students() {
    let shelf = Shelf::new();
    let mut book = shelf.open();
    let mut late = entered("ada", 2);
    late.attempt.at = Some("2026-11-27T22:59:59Z".parse().expect("a time"));
    late.attempt.marked_late = true;
    late.attempt.partners = vec![StudentId("eve".to_owned())];
    let early = Entered {
        role: Role::Stays,
        ..entered("ada", 1)
    };
    let class = [entered("ben", 1), late.clone(), early];
    sit(&mut book, 'a', &class);
    let entries = entries(&book);
    let names: Vec<_> = entries
        .iter()
        .map(|it| (it.student.0.as_str(), it.number))
        .collect();
    assert_eq!(names, [("ada", 1), ("ada", 2), ("ben", 1)]);
    let counts: Vec<bool> = entries.iter().map(|it| it.counts).collect();
    assert_eq!(counts, [false, true, true]);
    assert_eq!(entries[1].at, late.attempt.at);
    assert_eq!(entries[1].partners, late.attempt.partners);
    assert!(entries[1].marked_late && !entries[0].marked_late);
    assert_eq!(entries[0].taken, Taken::Unread);
}

#[test]
fn of_a_student_one_attempt_counts() {
    let shelf = Shelf::new();
    let mut book = shelf.open();
    sit(&mut book, 'a', &[entered("ada", 1)]);
    let both = [entered("ada", 1), entered("ada", 2)];
    assert!(book.sit(&changed(conditions('a')), &both).is_err());
    let earlier = Entered {
        role: Role::Stays,
        ..entered("ada", 1)
    };
    sit(&mut book, 'a', &[earlier, entered("ada", 2)]);
    let counting = book.counting(&StudentId("ada".to_owned())).expect("read");
    assert_eq!(counting.map(|it| it.number), Some(2));
}

#[test]
fn the_class_is_what_was_handed_in_for_the_latest_sitting() {
    let shelf = Shelf::new();
    let mut book = shelf.open();
    let first = sit(&mut book, 'a', &[entered("ada", 1), entered("ben", 1)]);
    book.finish(&first).expect("finished");
    sit(&mut book, 'a', &[entered("ben", 1)]);
    let names: Vec<_> = entries(&book).into_iter().map(|it| it.student.0).collect();
    assert_eq!(names, ["ben"]);
}

#[test]
fn what_was_found_stays_until_something_else_is_handed_in() {
    let shelf = Shelf::new();
    let mut book = shelf.open();
    sit(&mut book, 'a', &[entered("ada", 1)]);
    let refused = Found {
        taken: Err("a link".to_owned()),
        ignored: vec!["notes.md".to_owned()],
        ..found("ada", 1, "")
    };
    book.note(&[refused]).expect("noted");
    assert_eq!(entries(&book)[0].taken, Taken::Refused("a link".to_owned()));
    assert_eq!(entries(&book)[0].ignored, ["notes.md"]);
    book.note(&[found("ada", 1, "fn classify")]).expect("noted");
    sit(&mut book, 'a', &[entered("ada", 1)]);
    assert_eq!(
        entries(&book)[0].taken,
        Taken::Sources(source("fn classify"))
    );
    let mut other = entered("ada", 1);
    other.attempt.label = "another.zip".to_owned();
    sit(&mut book, 'a', &[other]);
    assert_eq!(entries(&book)[0].taken, Taken::Unread);
}
