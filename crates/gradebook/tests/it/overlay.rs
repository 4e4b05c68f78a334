//! What people say of a grade, a line each, and what it comes to.

use std::collections::BTreeMap;

use gradebook::overlay::{Before, Said, Saying, apply, in_force};
use jiff::Timestamp;
use proptest::prelude::*;
use roster::cost::Cents;
use roster::student::StudentId;

fn time(minute: usize) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + 60 * i64::try_from(minute).unwrap()).unwrap()
}

fn said(minute: usize, lab: Option<u8>, saying: Saying) -> Said {
    Said {
        student: StudentId("u1".to_owned()),
        lab,
        saying,
        remark: "because".to_owned(),
        author: "ada".to_owned(),
        at: time(minute),
    }
}

/// `+2.5`, `lab 2 set 12`, `undo 0`: what was said, the first at minute 0.
fn speech(lines: &str) -> Vec<Said> {
    let parse = |(minute, line): (usize, &str)| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (lab, words) = match words.as_slice() {
            ["lab", lab, rest @ ..] => (Some(lab.parse().unwrap()), rest),
            rest => (None, rest),
        };
        let saying = match words {
            ["set", points] => Saying::Set(points.parse().unwrap()),
            ["undo", at] => Saying::Undo(time(at.parse().unwrap())),
            [points] => Saying::Add(points.parse().unwrap()),
            _ => panic!("{line}"),
        };
        said(minute, lab, saying)
    };
    lines.split(", ").enumerate().map(parse).collect()
}

/// 60 points, of which lab 1 gives 20 and lab 2 gives 50, with 10 for being late.
fn before() -> Before {
    Before {
        points: Some(Cents(6_000)),
        labs: BTreeMap::from([(1, Cents(2_000)), (2, Cents(5_000))]),
    }
}

/// What each came to, and what is left: `+2.5 +10 = 72.5`.
fn told(before: &Before, lines: &str) -> String {
    let (points, adjustments) = apply(before, &speech(lines));
    let each = adjustments
        .iter()
        .map(|one| Cents::of(one.points).to_string());
    let points = points.map_or("none".to_owned(), |points| points.to_string());
    format!("{} = {points}", each.collect::<Vec<_>>().join(" "))
}

#[test]
fn what_was_said_last_holds() {
    let before = before();
    for (lines, expected) in [
        ("+2.5", "2.5 = 62.5"),
        ("+2.5, -10", "2.5 -10 = 52.5"),
        ("-100", "-100 = -40"),
        ("set 12.5", "-47.5 = 12.5"),
        ("+2.5, set 12", "2.5 -50.5 = 12"),
        ("set 12, +2.5", "-48 2.5 = 14.5"),
        ("set 12, set 80", "-48 68 = 80"),
        ("lab 2 set 12", "-38 = 22"),
        ("lab 2 +5, lab 2 set 50", "5 -5 = 60"),
        ("lab 7 set 3", "3 = 63"),
        ("lab 1 +1, lab 2 +1", "1 1 = 62"),
    ] {
        assert_eq!(told(&before, lines), expected, "{lines}");
    }
}

#[test]
fn what_is_taken_back_is_as_if_it_had_not_been_said() {
    let before = before();
    for (lines, expected) in [
        ("+2.5, undo 0", "2.5 -2.5 = 60"),
        ("set 12, +1, undo 0", "-48 1 48 = 61"),
        ("+1, set 12, undo 1", "1 -49 49 = 61"),
        ("set 12, undo 0, undo 1", "-48 48 -48 = 12"),
        ("+2.5, undo 0, undo 0", "2.5 -2.5 0 = 60"),
        ("lab 2 set 12, lab 2 +1, undo 0", "-38 1 38 = 61"),
    ] {
        assert_eq!(told(&before, lines), expected, "{lines}");
    }
}

#[test]
fn what_was_not_graded_has_points_if_somebody_says_how_many() {
    let nothing = Before {
        points: None,
        labs: BTreeMap::new(),
    };
    for (lines, expected) in [
        ("set 12.5", "12.5 = 12.5"),
        ("set 0", "0 = 0"),
        ("+2", "2 = none"),
        ("+2, set 12", "2 10 = 12"),
        ("set 12, undo 0", "12 -12 = none"),
        ("lab 2 set 12", "12 = none"),
    ] {
        assert_eq!(told(&nothing, lines), expected, "{lines}");
    }
}

fn saying() -> impl Strategy<Value = (Option<u8>, u8, i64, usize)> {
    (
        prop::option::of(1..4_u8),
        0..3_u8,
        -9_999..9_999_i64,
        0..20_usize,
    )
}

fn any_speech() -> impl Strategy<Value = Vec<Said>> {
    prop::collection::vec(saying(), 0..12).prop_map(|all| {
        let one = |(minute, (lab, kind, points, before)): (usize, _)| match kind {
            1 => said(minute, lab, Saying::Set(Cents(points))),
            2 if minute > 0 => said(minute, lab, Saying::Undo(time(before % minute))),
            _ => said(minute, lab, Saying::Add(Cents(points))),
        };
        all.into_iter().enumerate().map(one).collect()
    })
}

proptest! {
    #[test]
    fn all_that_is_told_adds_up(all in any_speech()) {
        let (points, adjustments) = apply(&before(), &all);
        let sum: Cents = adjustments.iter().map(|one| Cents::of(one.points)).sum();
        prop_assert_eq!(points.unwrap(), Cents(6_000) + sum);
    }

    #[test]
    fn what_is_taken_back_at_once_changes_nothing(all in any_speech(), last in saying()) {
        let mut more = all.clone();
        more.push(said(100, last.0, Saying::Set(Cents(last.2))));
        more.push(said(101, None, Saying::Undo(time(100))));
        prop_assert_eq!(apply(&before(), &all).0, apply(&before(), &more).0);
        prop_assert_eq!(in_force(&all), in_force(&more));
    }
}
