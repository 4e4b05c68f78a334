//! Which layout an export has.

use crate::zip;

fn recognised(names: &[&str]) -> String {
    let entries: Vec<(&str, &str)> = names.iter().map(|name| (*name, "")).collect();
    match zip(&entries).try_collect() {
        Ok(collected) => collected.sources[0].layout.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn each_course_system_is_known_by_its_names() {
    let cases: [(&str, &[&str]); 8] = [
        ("canvas", &["doejane_501_9001_lab1.rs"]),
        ("canvas", &["doejane_LATE_501_text.html"]),
        ("moodle", &["Jane Doe_12_assignsubmission_file_/lab1.rs"]),
        ("moodle", &["Jane Doe_12_assignsubmission_file_lab1.rs"]),
        (
            "blackboard",
            &["Lab_ada_attempt_2026-11-20-21-03-11_lab1.rs"],
        ),
        ("autolab", &["ada@example.edu_3_lab1.rs"]),
        (
            "brightspace",
            &["5-7 - Ada L - Nov 20, 2026 903 PM/lab1.rs"],
        ),
        ("plain", &["ada/lab1.rs", "bob/lab1.rs"]),
    ];
    for (layout, names) in cases {
        assert_eq!(recognised(names), layout, "{names:?}");
    }
}

#[test]
fn a_few_files_that_somebody_added_do_not_matter() {
    let names = [
        "doejane_501_9001_lab1.rs",
        "lovelaceada_502_9002_lab1.rs",
        "grades.xlsx",
    ];
    assert_eq!(recognised(&names), "canvas");
}

#[test]
fn a_mixture_is_asked_back() {
    let said = recognised(&["doejane_501_9001_lab1.rs", "ada@example.edu_3_lab1.rs"]);
    assert!(
        said.contains("the names may be of canvas (1 of 2) and of autolab (1 of 2)"),
        "{said}"
    );
    assert!(
        said.contains("help: say what it is with `--layout`, one of canvas, moodle"),
        "{said}"
    );
}

#[test]
fn an_export_of_which_little_is_understood_is_asked_back() {
    let said = recognised(&["doejane_501_9001_lab1.rs", "a.rs", "b.rs"]);
    assert!(
        said.contains("only some of the names are of canvas (1 of 3)"),
        "{said}"
    );
    assert!(
        said.contains("what lies there: `doejane_501_9001_lab1.rs`, `a.rs`, `b.rs`"),
        "{said}"
    );
}
