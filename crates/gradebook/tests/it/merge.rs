//! Books of several machines, joined.

use gradebook::book::Book;
use gradebook::merge::{MergeError, Merged, merge};
use gradebook::overlay::{Said, Saying};
use gradebook::shard::Shard;
use gradebook::sittings::Asked;
use grader::grade::not_graded;
use grader::result::SubmissionResult;
use roster::student::StudentId;
use verdict::end::End;

use crate::canonical::text;
use crate::{Shelf, changed, conditions, entered, found, result, source};

/// What a student handed in, and what that came to; not graded if there is nothing.
type Graded<'a> = (&'a str, &'a str, Option<SubmissionResult>);

/// A finished book of a part of the class.
fn part(letter: char, shard: &str, graded: &[Graded<'_>]) -> Shelf {
    let shelf = Shelf::new();
    let mut book = shelf.open();
    let asked = Asked {
        shard: Some(shard.parse().expect("a shard")),
        ..changed(conditions(letter))
    };
    let class: Vec<_> = graded
        .iter()
        .map(|(student, ..)| entered(student, 1))
        .collect();
    let sitting = book.sit(&asked, &class).expect("a sitting");
    for (student, code, result) in graded {
        book.note(&[found(student, 1, code)]).expect("noted");
        if let Some(result) = result {
            book.record(&sitting, &source(code), result)
                .expect("recorded");
        }
    }
    if graded.iter().all(|(.., result)| result.is_some()) {
        book.finish(&sitting).expect("finished");
    }
    shelf
}

fn passed() -> Option<SubmissionResult> {
    Some(result(End::Passed, 10.0))
}

fn failed() -> Option<SubmissionResult> {
    Some(result(End::Failed, 3.0))
}

fn join(into: &Shelf, parts: &[&Shelf]) -> Result<Merged, MergeError> {
    let books: Result<Vec<Book>, _> = parts.iter().map(|it| Book::read_only(&it.path())).collect();
    merge(&mut into.open(), &books.expect("readable books"))
}

/// What these parts are together.
fn joined(parts: &[&Shelf]) -> String {
    let into = Shelf::new();
    join(&into, parts).unwrap_or_else(|error| panic!("{error}"));
    text(&into.open())
}

fn three() -> [Shelf; 3] {
    [
        part('a', "1/3", &[("ada", "right", passed())]),
        part(
            'a',
            "2/3",
            &[("ben", "wrong", failed()), ("cyd", "right", passed())],
        ),
        part('a', "3/3", &[("eve", "wrong", failed())]),
    ]
}

#[test]
fn parts_are_the_whole_in_any_order_and_however_often() {
    let whole = part(
        'a',
        "1/1",
        &[
            ("ada", "right", passed()),
            ("ben", "wrong", failed()),
            ("cyd", "right", passed()),
            ("eve", "wrong", failed()),
        ],
    );
    let expected = text(&whole.open());
    let [one, two, three] = &three();
    for order in [[one, two, three], [three, one, two], [two, three, one]] {
        assert_eq!(joined(&order), expected);
    }
    assert_eq!(joined(&[one, two, one, three, two]), expected);
    let into = Shelf::new();
    for some in [&[one, two, three][..], &[three, two, one]] {
        let merged = join(&into, some).expect("merged");
        assert_eq!((merged.students, merged.missing), (4, Vec::new()));
        assert_eq!(text(&into.open()), expected);
    }
    let history = into.open().history(&source("right")).expect("read");
    assert_eq!(history.len(), 1);
}

#[test]
fn what_is_missing_is_told() {
    let [one, _, three] = &three();
    let stopped = part(
        'a',
        "2/3",
        &[("ben", "wrong", failed()), ("cyd", "new", None)],
    );
    let into = Shelf::new();
    let merged = join(&into, &[one, three]).expect("merged");
    assert_eq!(merged.missing, [Shard::new(2, 3).expect("a shard")]);
    let merged = join(&into, &[one, &stopped, three]).expect("merged");
    assert_eq!((merged.missing.len(), merged.unfinished.len()), (0, 1));
    assert!(text(&into.open()).contains("not graded"));
}

fn said(parts: &[&Shelf]) -> String {
    let into = Shelf::new();
    drop(into.open());
    let before = text_or_nothing(&into);
    let error = join(&into, parts).expect_err("a refusal");
    assert_eq!(text_or_nothing(&into), before, "something was written");
    error.to_string()
}

fn text_or_nothing(shelf: &Shelf) -> Option<i64> {
    let sitting = shelf.open().latest_sitting().expect("read");
    sitting.map(|sitting| sitting.number)
}

#[test]
fn other_traces_are_refused_with_the_folders_that_have_them() {
    let one = part('a', "1/2", &[("ada", "right", passed())]);
    let other = part('c', "2/2", &[("ben", "wrong", failed())]);
    let said = said(&[&one, &other]);
    assert!(
        said.contains("with different traces and answer keys:\n"),
        "{said}"
    );
    for (shelf, letter) in [(&one, "a"), (&other, "c")] {
        let folder = shelf
            .path()
            .parent()
            .expect("a folder")
            .display()
            .to_string();
        assert!(
            said.contains(&format!("{folder}: {}", letter.repeat(64))),
            "{said}"
        );
    }
    assert!(said.contains("help: grade all parts again"), "{said}");
}

#[test]
fn one_source_with_two_results_is_refused() {
    let one = part('a', "1/2", &[("ada", "code", passed())]);
    let other = part('a', "2/2", &[("ben", "code", failed())]);
    let said = said(&[&one, &other]);
    assert!(
        said.contains("have different results of `ada`\nhelp: "),
        "{said}"
    );
}

#[test]
fn one_student_with_two_hand_ins_is_refused() {
    let one = part('a', "1/2", &[("ada", "code", passed())]);
    let other = part('a', "2/2", &[("ada", "other code", failed())]);
    assert!(said(&[&one, &other]).contains("have different hand-ins of `ada`"));
}

#[test]
fn parts_of_different_divisions_are_refused() {
    let one = part('a', "1/2", &[("ada", "code", passed())]);
    let other = part('a', "2/3", &[("ben", "other code", failed())]);
    assert!(said(&[&one, &other]).contains("this is part 1/2, and "));
}

#[test]
fn a_book_without_a_sitting_is_refused() {
    let empty = Shelf::new();
    drop(empty.open());
    assert!(said(&[&empty]).contains("nothing was graded into this gradebook yet"));
}

#[test]
fn who_was_graded_elsewhere_is_graded_here() {
    let fault = Some(not_graded("no memory".to_owned()));
    let one = part('a', "1/2", &[("ada", "code", fault)]);
    let other = part('a', "2/2", &[("ben", "code", passed())]);
    for order in [[&one, &other], [&other, &one]] {
        assert!(!joined(&order).contains("not graded"));
    }
}

#[test]
fn what_was_said_is_carried_once() {
    let [one, two, three] = &three();
    let said = Said {
        student: StudentId("ada".to_owned()),
        lab: None,
        saying: Saying::Add("1.5".parse().expect("points")),
        remark: "a good question".to_owned(),
        author: "eve".to_owned(),
        at: "2026-11-28T09:00:00Z".parse().expect("a time"),
    };
    one.open().say(&said).expect("said");
    let all = joined(&[one, two, three, one]);
    assert_eq!(all.matches("a good question").count(), 1);
}

#[test]
fn a_student_is_in_one_part_whatever_the_others_do() {
    let students: Vec<StudentId> = (0..200).map(|n| StudentId(format!("s{n}"))).collect();
    let mut sizes = [0; 8];
    for student in &students {
        let of = |shard: &Shard| shard.has(student);
        let shards = (1..=8).filter_map(|number| Shard::new(number, 8).ok());
        let has: Vec<Shard> = shards.filter(of).collect();
        assert_eq!(has.len(), 1, "{student}");
        sizes[has[0].number() as usize - 1] += 1;
    }
    assert!(sizes.iter().all(|size| *size > 10), "{sizes:?}");
    // `printf ada | sha256sum` begins with fdee430d40bd57de: that modulo 8 is 6.
    let ada = StudentId("ada".to_owned());
    assert!(Shard::new(7, 8).expect("a shard").has(&ada));
    for wrong in ["0/8", "9/8", "8", "a/b", "1/0", "-1/2"] {
        assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
    }
}
