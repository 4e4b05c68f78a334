//! The order of attempts, and what may not be one student.

use crate::zip;

#[test]
fn attempts_are_numbered_in_the_order_of_time() {
    let mut export = zip(&[
        ("Lab_ada_attempt_2026-11-20-21-03-11_lab1.rs", "third"),
        ("Lab_ada_attempt_2026-11-19-21-03-11_lab1.rs", "second"),
        ("Lab_ada_attempt_2026-09-30-21-03-11_lab1.rs", "first"),
        ("Lab_bob_attempt_2026-09-30-21-03-11_lab1.rs", "bob"),
    ]);
    export.ask.class.zone = Some(jiff::tz::TimeZone::UTC);
    let collected = export.collect();
    let numbers = collected
        .attempts
        .iter()
        .map(|it| (it.student.0.as_str(), it.number));
    assert_eq!(
        numbers.collect::<Vec<_>>(),
        [("ada", 1), ("ada", 2), ("ada", 3), ("bob", 1)]
    );
    assert!(collected.attempts[2].label.ends_with("2026-11-20-21-03-11"));
}

#[test]
fn one_key_in_two_exports_may_be_two_people() {
    let export = zip(&[("doejane_501_9001_lab1.rs", "a")]).and_zip(
        "other.zip",
        &[("Ada L_501_assignsubmission_file_/lab1.rs", "b")],
    );
    assert_eq!(
        export.refusal(),
        "`501` is a student of class.zip and one of other.zip\nhelp: they may be two people: \
         give a roster that has both, or grade the exports in two runs"
    );
}

#[test]
fn a_student_whom_the_roster_knows_may_be_in_two_exports() {
    let told = zip(&[("doejane_501_9001_lab1.rs", "a")])
        .and_zip(
            "other.zip",
            &[("ada@x.org_1_lab1.rs", "b"), ("501_1_9_lab1.rs", "c")],
        )
        .with_roster(&[("501", "ada@x.org", "")]);
    let mut told = told;
    told.ask.layout = None;
    told.paths.truncate(1);
    let told = told
        .and_zip("third.zip", &[("ada@x.org_1_lab1.rs", "b")])
        .told();
    assert_eq!(told.lines().count(), 2, "{told}");
    assert!(told.lines().all(|line| line.starts_with("501 ")), "{told}");
}

#[test]
fn what_comes_after_the_due_date_is_late_without_a_mark() {
    let mut export = zip(&[("Lab_ada_attempt_2026-11-20-21-03-11_lab1.rs", "a")]);
    let class = export.folder.path().join("class.toml");
    let text = "course = \"OS\"\ntimezone = \"UTC\"\n[late]\ndue = 2026-11-20T20:00:00\nper_day = \"10%\"\n";
    std::fs::write(&class, text).expect("a file");
    export.ask.class = roster::class::Class::read(&class).expect("a class");
    let collected = export.collect();
    assert!(!collected.attempts[0].marked_late);
    assert!(collected.findings[0].late);
}
