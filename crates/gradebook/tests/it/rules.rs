//! Which attempt counts.

use std::fs;

use gradebook::rules::{Rules, Tried};
use jiff::Timestamp;
use roster::class::Class;
use roster::cost::Cents;
use roster::late::Worth;
use roster::student::StudentId;

/// The rules of a `class.toml`.
pub fn rules(attempt: &str, late: &str) -> Rules {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("class.toml");
    let text = format!("course = \"x\"\nattempt = \"{attempt}\"\n{late}");
    fs::write(&path, text).unwrap();
    Rules::new(Class::read(&path).unwrap(), &[1]).unwrap()
}

/// Due at noon, 10 % of the maximum a day, closed after three days.
pub const LATE: &str = "[late]\ndue = 2026-11-20T12:00:00Z\nper_day = \"10%\"\ncloses = \"3d\"\n";

pub fn ada() -> StudentId {
    StudentId("ada".to_owned())
}

/// Attempts, each so many hours after noon of that day.
pub fn tried(hours: &[i64]) -> Vec<Tried> {
    let due: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    let tried = hours.iter().enumerate().map(|(index, hours)| Tried {
        number: u32::try_from(index).unwrap() + 1,
        at: Some(due + jiff::SignedDuration::from_hours(*hours)),
        marked_late: false,
    });
    tried.collect()
}

#[test]
fn one_counts_or_the_best_of_those_that_are_not_too_late() {
    for (attempt, hours, expected) in [
        ("latest", vec![], vec![]),
        ("latest", vec![-2, -1], vec![2]),
        ("latest", vec![-2, 72], vec![2]),
        ("latest", vec![-2, 73], vec![1]),
        ("latest", vec![73, 80], vec![2]),
        ("first", vec![-2, -1], vec![1]),
        ("first", vec![73, 80], vec![1]),
        ("best", vec![-2, 5, 73], vec![1, 2]),
        ("best", vec![73, 80], vec![1, 2]),
    ] {
        let found = rules(attempt, LATE).candidates(&ada(), &tried(&hours));
        assert_eq!(found, expected, "{attempt} of {hours:?}");
    }
    let never_late = rules("latest", "").candidates(&ada(), &tried(&[-2, 500]));
    assert_eq!(never_late, [2]);
}

#[test]
fn the_best_is_what_gives_most_after_what_being_late_costs() {
    let worth = |raw: i64| {
        Some(Worth {
            raw: Cents(raw * 100),
            max: Cents(10_000),
        })
    };
    let slip = format!("{LATE}slip_days = 1\n");
    for (late, hours, worths, expected) in [
        (LATE, vec![-1, 1], vec![worth(60), worth(69)], Some(1)),
        (LATE, vec![-1, 1], vec![worth(60), worth(71)], Some(2)),
        (LATE, vec![-1, 1], vec![worth(60), worth(70)], Some(1)),
        (LATE, vec![-2, -1], vec![worth(60), worth(60)], Some(1)),
        (LATE, vec![-1, 1], vec![None, worth(0)], Some(2)),
        (LATE, vec![-1, 1], vec![worth(0), None], Some(1)),
        (LATE, vec![-2, -1], vec![None, None], Some(1)),
        (LATE, vec![], vec![], None),
        (&slip, vec![-1, 1], vec![worth(60), worth(61)], Some(2)),
        (&slip, vec![1, 2], vec![worth(60), worth(60)], Some(1)),
    ] {
        let graded: Vec<_> = tried(&hours).into_iter().zip(worths.clone()).collect();
        let best = rules("best", late).best(&ada(), &graded);
        assert_eq!(best, expected, "{hours:?} {worths:?}");
    }
}

#[test]
fn of_equals_the_one_that_uses_fewer_slip_days_is_the_best() {
    let rules = rules("best", &format!("{LATE}slip_days = 2\n"));
    let worth = Worth {
        raw: Cents(6_000),
        max: Cents(10_000),
    };
    // 25 hours late uses two slip days, an hour uses one.
    let mut graded: Vec<_> = tried(&[25, 1])
        .into_iter()
        .map(|one| (one, Some(worth)))
        .collect();
    assert_eq!(rules.best(&ada(), &graded), Some(2));
    graded.reverse();
    assert_eq!(
        rules.best(&ada(), &graded),
        Some(2),
        "in whatever order they come"
    );
}
