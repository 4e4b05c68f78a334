//! `explain` and `adjust`, on a gradebook that nobody graded.

use std::fs;
use std::path::{Path, PathBuf};

use collect::attempt::Attempt;
use course::feedback::Feedback;
use gradebook::attempts::{Entered, Found, Role};
use gradebook::book::{Book, FILE};
use gradebook::key::{Conditions, KeySet, Policy, Toolchain};
use gradebook::sittings::{Asked, Scope};
use grader::grade::refused;
use grader::intake::hash::SourceHash;
use grader::result::{LabResult, PartResult, Points, Share, SubmissionResult, TraceResult};
use roster::student::StudentId;
use tempfile::TempDir;
use verdict::end::End;

use crate::{workspace, xtask};

const CLASS: &str = "course = \"x\"\nroster = \"roster.csv\"\n\n[late]\n\
                     due = 2026-11-20T12:00:00Z\nper_day = \"10%\"\n";

/// A workspace with the grades of `u100` and `u200`, the second of which was not graded, and
/// a class.toml.
fn graded() -> TempDir {
    let root = workspace();
    let out = root.path().join("target/grades");
    fs::write(root.path().join("class.toml"), CLASS).unwrap();
    let roster = "student_id,email\nu100,ada@x\nu200,eve@x\nu300,kai@x\n";
    fs::write(root.path().join("roster.csv"), roster).unwrap();
    let mut book = Book::open(&out.join(FILE)).unwrap();
    let asked = Asked {
        conditions: Conditions {
            key_set: KeySet::from_digits(&"a".repeat(64)).unwrap(),
            toolchain: Toolchain::said("rustc 1.95.0"),
            policy: Policy::from_digits(&"b".repeat(64)).unwrap(),
            max: 100.0,
        },
        scope: Scope::Changed,
        shard: None,
    };
    let entered = ["u100", "u200"].map(entered);
    let sitting = book.sit(&asked, &entered).unwrap();
    for student in ["u100", "u200"] {
        let found = Found {
            student: StudentId(student.to_owned()),
            number: 1,
            taken: Ok(source(student)),
            ignored: Vec::new(),
        };
        book.note(&[found]).unwrap();
    }
    book.record(&sitting, &source("u100"), &result()).unwrap();
    root
}

fn source(text: &str) -> SourceHash {
    SourceHash::of([("lab1.rs", text)])
}

/// An attempt an hour after it was due.
fn entered(student: &str) -> Entered {
    Entered {
        attempt: Attempt {
            student: StudentId(student.to_owned()),
            partners: Vec::new(),
            number: 1,
            at: Some("2026-11-20T13:00:00Z".parse().unwrap()),
            marked_late: true,
            label: format!("{student}.zip"),
            path: PathBuf::from("/nowhere"),
        },
        role: Role::Counts,
    }
}

/// 71.5 of 100 points for `classify`, of which one of two traces failed.
fn result() -> SubmissionResult {
    let share = |trace: &str, weight, earned| Share {
        trace: trace.to_owned(),
        weight,
        earned,
    };
    let part = PartResult {
        name: "classify".to_owned(),
        concept: "faults".to_owned(),
        end: End::Failed,
        score: 71.5,
        max: 100.0,
        sealed: Points::default(),
        shares: vec![share("one", 71.5, 1.0), share("two", 28.5, 0.0)],
    };
    SubmissionResult {
        end: End::Failed,
        score: 71.5,
        source: Some(source("u100")),
        labs: vec![LabResult {
            number: 1,
            title: "Classify".to_owned(),
            score: 71.5,
            max: 100.0,
            parts: vec![part],
        }],
        traces: vec![run("one", End::Passed), run("two", End::Failed)],
        ..refused(String::new(), 100.0)
    }
}

fn run(name: &str, end: End) -> TraceResult {
    TraceResult {
        lab: 1,
        name: name.to_owned(),
        public: true,
        feedback: Feedback::Full,
        category: String::new(),
        part: "classify".to_owned(),
        end,
        message: String::new(),
        at: None,
        difference: None,
        told: None,
        hint: None,
    }
}

/// What a call prints, and how it ends: `exit 65`, and what it says of that.
fn call(root: &Path, args: &[&str]) -> String {
    let class = root.join("class.toml");
    let output = xtask(root)
        .args(args)
        .arg("--class")
        .arg(class)
        .env("USER", "kai")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .current_dir(root)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    match output.status.code() {
        Some(0) => text,
        code => format!(
            "{text}exit {code:?}\n{}",
            String::from_utf8(output.stderr).unwrap()
        ),
    }
}

/// A text without the times that adjustments were made at.
fn timeless(text: &str) -> String {
    let line = |line: &str| match line.split_once(" (kai, ") {
        Some((before, after)) => {
            let rest = after.split_once(')').map_or("", |(_, rest)| rest);
            format!("{before} (kai){rest}\n")
        }
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[test]
fn points_are_given_and_taken_back_and_both_stay() {
    let root = graded();
    let told = call(
        root.path(),
        &[
            "adjust",
            "u100",
            "--points",
            "+2.5",
            "--remark",
            "see the forum",
        ],
    );
    let late = "  -10 late: handed in 1 hour after 2026-11-20 12:00 UTC; 1 day late costs 10 % \
                of 100 points: 10 points";
    assert_eq!(
        timeless(&told),
        format!(
            "u100: before\n  71.5 of 100: attempt 1 of 1\n{late}\n  61.5 points\nafter\n  \
             71.5 of 100: attempt 1 of 1\n{late}\n  +2.5: see the forum (kai)\n  64 points\n"
        )
    );
    let undone = call(
        root.path(),
        &[
            "adjust",
            "u100",
            "--undo",
            "1",
            "--remark",
            "it was another",
        ],
    );
    assert!(
        timeless(&undone).ends_with(
            "  -2.5: takes back number 1, \"see the forum\": it was another (kai)\n  61.5 points\n"
        ),
        "{undone}"
    );
    assert_eq!(
        timeless(&call(root.path(), &["adjust", "ada@X", "--list"])),
        "1: +2.5: see the forum (kai), taken back\n\
         2: undo: takes back number 1, \"see the forum\": it was another (kai)\n"
    );
}

#[test]
fn what_was_not_graded_gets_the_points_that_are_set() {
    let root = graded();
    let told = call(
        root.path(),
        &[
            "adjust",
            "u200",
            "--set",
            "12",
            "--remark",
            "seen in the lab",
        ],
    );
    assert!(
        told.contains("no points yet") && told.ends_with("  12 points\n"),
        "{told}"
    );
    let told = call(root.path(), &["explain", "u200"]);
    assert!(told.contains("  12 points\n"), "{told}");
}

#[test]
fn a_remark_of_a_persons_commands_no_terminal() {
    let root = graded();
    let remark = "\u{1b}[2Jgone\n::error::x";
    let told = call(
        root.path(),
        &["adjust", "u100", "--points", "1", "--remark", remark],
    );
    assert!(
        told.contains("+1: \\u{1b}[2Jgone\\u{a}::error::x"),
        "{told}"
    );
}

#[test]
fn who_is_not_there_is_told_whom_they_resemble() {
    let root = graded();
    for chore in [&["explain", "u101"][..], &["adjust", "u101", "--list"]] {
        assert_eq!(
            call(root.path(), chore),
            "exit Some(65)\nerror: there is no student `u101` in this gradebook\n\
             help: did you mean `u100`?\n"
        );
    }
    let absent = call(root.path(), &["explain", "kai@x"]);
    assert!(
        absent.starts_with("exit Some(65)\nerror: `u300` has handed nothing in\n"),
        "{absent}"
    );
}

#[test]
fn what_cannot_be_said_is_refused_and_nothing_is_written() {
    let root = graded();
    for (args, expected) in [
        (
            &["--points", "+1", "--remark", " "][..],
            "exit Some(65)\nerror: the remark is empty\n",
        ),
        (&["--set", "-1", "--remark", "x"], "exit Some(2)\n"),
        (&["--points", "a lot", "--remark", "x"], "exit Some(2)\n"),
        (&["--points", "1.234", "--remark", "x"], "exit Some(2)\n"),
        (&["--points", "1"], "exit Some(2)\n"),
        (
            &["--points", "1", "--set", "2", "--remark", "x"],
            "exit Some(2)\n",
        ),
        (
            &["--undo", "1"],
            "exit Some(65)\nerror: nothing was said under the number 1\n",
        ),
        (
            &["--undo", "0"],
            "exit Some(65)\nerror: nothing was said under the number 0\n",
        ),
    ] {
        let told = call(root.path(), &[&["adjust", "u100"], args].concat());
        assert!(told.starts_with(expected), "{args:?}\n{told}");
    }
    let list = call(root.path(), &["adjust", "u100", "--list"]);
    assert_eq!(list, "nobody has said anything of u100\n");
}

#[test]
fn where_there_is_no_gradebook_one_is_told_how_to_make_it() {
    let root = workspace();
    fs::write(root.path().join("class.toml"), "course = \"x\"\n").unwrap();
    for chore in [
        &["explain", "u100"][..],
        &["adjust", "u100", "--list"],
        &["regrade", "--diff"],
    ] {
        let told = call(root.path(), chore);
        assert!(
            told.starts_with("exit Some(65)\n") && told.contains("there is no gradebook"),
            "{told}"
        );
    }
}

#[test]
fn json_has_a_schema_and_adds_up() {
    let root = graded();
    let told = call(root.path(), &["explain", "u100", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(json["schema"], "faultline.explain/1");
    assert_eq!(json["standing"]["points"], 61.5);
    assert_eq!(json["standing"]["penalty"], 10.0);
    assert_eq!(
        (&json["lost"], &json["losses"][0]["points"]),
        (&28.5.into(), &28.5.into())
    );
    assert_eq!(
        json["losses"][0]["runs"][0]["counts"],
        "-28.5: it counts 28.5 of 100"
    );
}

#[test]
fn whoever_names_no_class_gets_the_one_that_was_graded_with() {
    let root = graded();
    let with = call(root.path(), &["explain", "u100"]);
    let explain = || {
        let output = xtask(root.path()).args(["explain", "u100"]).output();
        output.unwrap()
    };
    let class = root.path().join("class.toml");
    let mut book = Book::open(&root.path().join("target/grades").join(FILE)).unwrap();
    book.note_course(Some(&class)).unwrap();
    assert_eq!(String::from_utf8(explain().stdout).unwrap(), with);
    fs::remove_file(&class).unwrap();
    let gone = explain();
    let said = String::from_utf8(gone.stderr).unwrap();
    assert_eq!(gone.status.code(), Some(65), "{said}");
    assert!(
        said.contains("the class was graded with this file"),
        "{said}"
    );
}
