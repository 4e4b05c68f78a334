//! `class.toml` as text, and what is made of it.

use std::fs;

use roster::class::{AttemptRule, Class};
use roster::late::Allowance;
use roster::student::StudentId;

const ROSTER: &str = "student_id,due_override,slip_used\nu1,,2\nu2,2026-11-23T12:00,\nu3,,\n";

/// The class of a `class.toml` beside a `roster.csv`.
fn class(text: &str) -> Result<Class, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("roster.csv"), ROSTER).unwrap();
    let path = folder.path().join("class.toml");
    fs::write(&path, text).unwrap();
    Class::read(&path).map_err(|error| {
        let folder = format!("{}/", folder.path().display());
        error.to_string().replace(&folder, "")
    })
}

/// When it is due for a student, in a hand-in with these labs.
fn due(class: &Class, student: &str, labs: &[u8]) -> String {
    let late = class.late(labs).unwrap().unwrap();
    let allowance = class.allowance(&StudentId(student.to_owned()), labs);
    late.due_for(allowance).to_string()
}

const WHOLE: &str = r#"
course = "Operating Systems"
roster = "roster.csv"
timezone = "Europe/Berlin"
attempt = "best"

[late]
due = 2026-11-20T23:59:00
grace = "15m"
slip_days = 3
per_day = "10%"
closes = "7d"
marked_late = "no-points"

[late.lab.2]
due = 2026-12-04 23:59:00

[[extension]]
student = "u3"
until = 2026-11-24T12:00:00
because = "medical certificate"

[[extension]]
student = "u3"
lab = 2
until = 2026-12-11T12:00:00+01:00
because = "medical certificate"
"#;

#[test]
fn everything_that_a_course_says_is_read() {
    let class = class(WHOLE).unwrap();
    assert_eq!(class.course, "Operating Systems");
    assert_eq!(class.attempt, AttemptRule::Best);
    assert_eq!(class.roster.as_ref().unwrap().students().len(), 3);
    assert_eq!(due(&class, "u1", &[1, 3]), "2026-11-20T22:59:00Z");
    assert_eq!(
        due(&class, "u2", &[1]),
        "2026-11-23T11:00:00Z",
        "the roster's"
    );
    assert_eq!(
        due(&class, "u2", &[2]),
        "2026-12-04T22:59:00Z",
        "which is no use here"
    );
    assert_eq!(due(&class, "u3", &[1]), "2026-11-24T11:00:00Z");
    assert_eq!(due(&class, "u3", &[2]), "2026-12-11T11:00:00Z");
    assert_eq!(due(&class, "nobody", &[2]), "2026-12-04T22:59:00Z");
    let used = |id: &str| class.allowance(&StudentId(id.to_owned()), &[1]).slip_used;
    assert_eq!([used("u1"), used("u2"), used("nobody")], [2, 0, 0]);
}

#[test]
fn labs_that_are_due_at_different_times_are_not_judged_together() {
    let class = class(WHOLE).unwrap();
    assert_eq!(
        class.late(&[1, 2]).unwrap_err().to_string(),
        "labs [1, 2] are due at different times\nhelp: grade the hand-ins of one lab at a time, \
         with `--lab 1` and an `--out` of its own"
    );
}

#[test]
fn a_lab_without_a_date_is_told_where_others_have_one() {
    let text = "course = \"x\"\n[late]\nper_day = \"0%\"\nlab.2.due = 2026-12-04T12:00:00Z\n";
    let class = class(text).unwrap();
    assert_eq!(due(&class, "u1", &[2]), "2026-12-04T12:00:00Z");
    assert_eq!(
        class.late(&[3]).unwrap_err().to_string(),
        "class.toml has no due date for lab 3\nhelp: add `due` to `[late]`, or a section \
         `[late.lab.3]`"
    );
}

#[test]
fn a_class_needs_nothing_but_a_name() {
    let class = class("course = \"x\"\n").unwrap();
    assert!(class.roster.is_none() && class.late(&[1]).unwrap().is_none());
    assert_eq!(class.attempt, AttemptRule::Latest);
    let nobody = StudentId("u1".to_owned());
    assert_eq!(class.allowance(&nobody, &[1]), Allowance::default());
}

/// What is said of [`WHOLE`] with a text in the place of another.
fn with(text: &str, instead: &str) -> String {
    assert!(WHOLE.contains(text), "{text}");
    class(&WHOLE.replacen(text, instead, 1)).unwrap_err()
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_a_remedy() {
    for (complaint, expected) in [
        (
            with("attempt = \"best\"", "attempt = \"last\""),
            "class.toml:5: unknown variant `last`",
        ),
        (
            with("grace", "grase"),
            "class.toml:9: unknown field `grase`, expected",
        ),
        (
            with("course = \"Operating Systems\"", "course ="),
            "class.toml:2: ",
        ),
        (
            with("per_day = \"10%\"\n", ""),
            "class.toml:7: missing field `per_day`\nhelp: ",
        ),
        (
            with("\"10%\"", "\"a lot\""),
            "class.toml:11: `a lot` does not say what a day costs\nhelp: \"10%\" of the most",
        ),
        (
            with("\"15m\"", "\"soon\""),
            "class.toml:9: `soon` is no span of time\nhelp: a number",
        ),
        (
            with("\"7d\"", "\"-7d\""),
            "class.toml:12: `-7d` is no span of minutes, hours and days",
        ),
        (
            with("\"7d\"", "\"1mo\""),
            "class.toml:12: `1mo` is no span of minutes, hours and days",
        ),
        (
            with("Europe/Berlin", "Europe/Bonn"),
            "class.toml:4: there is no time zone `Europe/Bonn`\nhelp: continent and city",
        ),
        (
            with("timezone = \"Europe/Berlin\"", ""),
            "roster.csv:3: column `due_override`: `2026-11-23T12:00` does not say of which",
        ),
        (
            with("2026-11-20T23:59:00", "2026-11-20"),
            "class.toml:8: `2026-11-20` is no time\nhelp: date and time of day",
        ),
        (
            with("2026-11-20T23:59:00", "2026-10-25T02:30:00"),
            "class.toml:8: clocks are turned at `2026-10-25T02:30:00`: they show it twice, or \
             never\nhelp: add the offset",
        ),
        (
            with("2026-11-20T23:59:00", "2026-03-29T02:30:00"),
            "class.toml:8: clocks are turned at `2026-03-29T02:30:00`",
        ),
        (
            with("[late.lab.2]", "[late.lab.two]"),
            "class.toml:15: `two` is no lab's number",
        ),
        (
            with("student = \"u3\"", "student = \"u33\""),
            "class.toml:19: no student has the id `u33`\nhelp: did you mean `u3`",
        ),
        (
            with("2026-11-24T12:00:00", "2025-11-24T12:00:00"),
            "class.toml:20: the extension of `u3` ends before everybody's due date\nhelp: no",
        ),
        (
            with("2026-12-11T12:00:00+01:00", "2026-11-30T12:00:00"),
            "class.toml:26: the extension of `u3` ends before everybody's due date",
        ),
        (
            with("because = \"medical certificate\"\n", ""),
            "class.toml:18: missing field `because`",
        ),
        (
            with("roster.csv", "rooster.csv"),
            "rooster.csv: No such file",
        ),
    ] {
        assert!(
            complaint.starts_with(expected),
            "{expected}\n--- but:\n{complaint}"
        );
        assert!(
            complaint.contains("help: ") || complaint.contains("rooster"),
            "{complaint}"
        );
    }
}
