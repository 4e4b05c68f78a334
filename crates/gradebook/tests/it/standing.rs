//! What a student gets, in the words that they read.

use gradebook::overlay::{Said, Saying};
use gradebook::rules::Rules;
use gradebook::standing::{Record, standing};
use grader::result::{LabResult, SubmissionResult};
use grader::standing::Standing;
use jiff::Timestamp;
use verdict::end::End;

use crate::rules::{LATE, ada, rules, tried};

/// What may be shown of a submission that got so many points of 100, all of them in lab 1.
fn shown(score: f64) -> SubmissionResult {
    let lab = LabResult {
        number: 1,
        title: "Classify".to_owned(),
        score,
        max: 100.0,
        parts: Vec::new(),
    };
    SubmissionResult {
        id: "ada".to_owned(),
        end: End::Failed,
        score,
        max: 100.0,
        standing: None,
        message: String::new(),
        source: None,
        ignored: Vec::new(),
        flags: Vec::new(),
        sealed: 0,
        labs: vec![lab],
        traces: Vec::new(),
        sandbox: None,
        compiler_sandbox: None,
    }
}

fn not_graded() -> SubmissionResult {
    SubmissionResult {
        end: End::NotGraded,
        max: 0.0,
        labs: Vec::new(),
        ..shown(0.0)
    }
}

/// What somebody says at 2026-11-25 10:00, and a minute later for each of the next.
fn said(all: &[(Option<u8>, Saying)]) -> Vec<Said> {
    let start: Timestamp = "2026-11-25T10:00:00Z".parse().unwrap();
    let said = (0..).zip(all).map(|(minute, (lab, saying))| Said {
        student: ada(),
        lab: *lab,
        saying: *saying,
        remark: "as we said".to_owned(),
        author: "kai".to_owned(),
        at: start + jiff::SignedDuration::from_mins(minute),
    });
    said.collect()
}

fn add(points: i64) -> (Option<u8>, Saying) {
    (None, Saying::Add(roster::cost::Cents(points)))
}

fn set(points: i64) -> (Option<u8>, Saying) {
    (None, Saying::Set(roster::cost::Cents(points)))
}

/// The standing of one attempt, so many hours after it was due.
fn of(
    shown: &SubmissionResult,
    hours: i64,
    rules: &Rules,
    overlay: &[(Option<u8>, Saying)],
) -> Standing {
    let student = ada();
    let record = Record {
        student: &student,
        tried: &tried(&[hours]),
        counts: Some(1),
        said: &said(overlay),
    };
    standing(record, Some(shown), rules)
}

fn late() -> Rules {
    rules("latest", LATE)
}

#[test]
fn being_late_is_taken_first_and_what_people_say_after() {
    let standing = of(&shown(71.5), 1, &late(), &[add(250)]);
    assert_eq!(
        standing.told().join("\n"),
        "71.5 of 100: attempt 1 of 1\n\
         -10 late: handed in 1 hour after 2026-11-20 12:00 UTC; 1 day late costs 10 % of 100 \
         points: 10 points\n\
         +2.5: as we said (kai, 2026-11-25 10:00 UTC)\n\
         64 points"
    );
    assert_eq!(
        (standing.raw, standing.penalty, standing.points),
        (71.5, 10.0, Some(64.0))
    );
}

#[test]
fn never_less_than_nothing_is_given() {
    let standing = of(&shown(5.0), 30, &late(), &[add(-300)]);
    assert_eq!((standing.penalty, standing.points), (5.0, Some(0.0)));
    assert!(standing.points.unwrap().is_sign_positive());
    assert_eq!(standing.told().last().unwrap(), "0 points: never less");
}

#[test]
fn more_than_the_maximum_is_given_and_told() {
    let standing = of(&shown(99.0), -1, &late(), &[add(250)]);
    assert_eq!(standing.points, Some(101.5));
    assert_eq!(
        standing.told().last().unwrap(),
        "101.5 points, 1.5 above the maximum"
    );
}

#[test]
fn what_was_not_graded_has_no_points_and_is_no_zero() {
    let standing = of(&not_graded(), 1, &late(), &[]);
    assert_eq!(standing.points, None);
    assert_eq!(standing.penalty, 0.0);
    assert!(standing.differs());
    assert!(standing.told().last().unwrap().starts_with("no points yet"));
    assert_eq!(of(&not_graded(), 1, &late(), &[add(200)]).points, None);
}

#[test]
fn what_was_not_graded_has_the_points_that_somebody_says() {
    assert_eq!(
        of(&not_graded(), 1, &late(), &[set(1_250)]).points,
        Some(12.5)
    );
}

#[test]
fn what_was_graded_in_part_has_points() {
    let in_part = SubmissionResult {
        end: End::NotGraded,
        ..shown(40.0)
    };
    assert_eq!(of(&in_part, -1, &late(), &[]).points, Some(40.0));
}

#[test]
fn a_lab_is_set_among_the_others() {
    let one = (Some(1), Saying::Set(roster::cost::Cents(8_000)));
    let standing = of(&shown(71.5), 1, &late(), &[one]);
    assert_eq!(
        standing.points,
        Some(70.0),
        "80, less what being late costs"
    );
    assert_eq!(standing.adjustments[0].points, 8.5);
}

#[test]
fn who_handed_nothing_in_gets_nothing() {
    let student = ada();
    let record = Record {
        student: &student,
        tried: &[],
        counts: None,
        said: &[],
    };
    let standing = standing(record, None, &late());
    assert_eq!((standing.attempt, standing.points), (None, Some(0.0)));
    assert_eq!(
        standing.told().join("\n"),
        "0 of 0: no attempt\nlate: nothing was handed in\n0 points"
    );
}

#[test]
fn too_late_is_too_late_for_all_points() {
    let standing = of(&shown(71.5), 73, &late(), &[]);
    assert_eq!((standing.penalty, standing.points), (71.5, Some(0.0)));
    assert!(
        standing
            .late
            .because
            .ends_with("no points for what comes after 2026-11-23 12:00 UTC")
    );
}

#[test]
fn nothing_is_said_where_nothing_differs() {
    assert!(!of(&shown(71.5), -1, &late(), &[]).differs());
    assert!(!of(&shown(71.5), 500, &rules("latest", ""), &[]).differs());
}
