//! Whose a hand-in is, by the roster.

use crate::zip;

#[test]
fn an_address_is_known_in_capitals_too() {
    let told = zip(&[("Ada@Example.edu_1_lab1.rs", "a")])
        .with_roster(&[("u1", "ada@example.edu", "")])
        .told();
    assert_eq!(told, "u1 1: lab1.rs=a");
}

#[test]
fn nobody_is_found_by_a_display_name() {
    let told = zip(&[("Jane Doe_12_assignsubmission_file_/lab1.rs", "a")])
        .with_roster(&[("Jane Doe", "", "Jane Doe")])
        .told();
    assert_eq!(told, "12 1 unmatched (not in the roster): lab1.rs=a");
}

#[test]
fn whoever_the_roster_does_not_know_keeps_the_key_of_the_course_system() {
    let export = zip(&[
        ("doejane_501_9001_lab1.rs", "a"),
        ("lovelaceada_502_9002_lab1.rs", "b"),
    ])
    .with_roster(&[("501", "", ""), ("503", "", "")]);
    assert_eq!(
        export.told(),
        "501 1: lab1.rs=a\n502 1 unmatched (not in the roster): lab1.rs=b"
    );
    let absent = export.collect().absent;
    assert_eq!(
        absent.iter().map(|it| it.id.0.as_str()).collect::<Vec<_>>(),
        ["503"]
    );
}

#[test]
fn whoever_may_be_two_students_is_neither() {
    let metadata = "submission_1:\n  :submitters:\n  - :sid: u1\n    :email: bob@x.org\n";
    let told = zip(&[
        ("submission_metadata.yml", metadata),
        ("submission_1/lab1.rs", "a"),
    ])
    .with_roster(&[("u1", "ada@x.org", ""), ("u2", "bob@x.org", "")])
    .told();
    assert_eq!(
        told,
        "unmatched u1 1 unmatched (the roster has several: `u1` and `u2`): lab1.rs=a"
    );
}

#[test]
fn a_partner_is_not_missing() {
    let metadata = "submission_1:\n  :submitters:\n  - :sid: u1\n  - :sid: u2\n";
    let export = zip(&[
        ("submission_metadata.yml", metadata),
        ("submission_1/lab1.rs", "a"),
    ])
    .with_roster(&[("u1", "", ""), ("u2", "", ""), ("u3", "", "")]);
    assert_eq!(export.told(), "u1 1 +u2: lab1.rs=a");
    let absent = export.collect().absent;
    assert_eq!(
        absent.iter().map(|it| it.id.0.as_str()).collect::<Vec<_>>(),
        ["u3"]
    );
}
