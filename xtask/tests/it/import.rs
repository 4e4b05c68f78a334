//! `cargo xtask cohort` and `cargo xtask import`, as programs.

use std::fs;
use std::path::Path;

use crate::{workspace, xtask};

/// A workspace with two samples, and a class made up from them.
fn class(layout: &str) -> tempfile::TempDir {
    let root = workspace();
    let samples = root.path().join("grader/samples");
    for sample in ["passed-all", "empty"] {
        fs::create_dir_all(samples.join(sample)).expect("a folder");
    }
    fs::write(samples.join("passed-all/lab1.rs"), "fn one() {\n}\n").expect("a file");
    fs::write(samples.join("empty/notes.txt"), "soon").expect("a file");
    let out = root.path().join("class.zip");
    let mut made = xtask(root.path());
    made.args(["cohort", "--count", "20", "--layout", layout, "--out"]);
    made.arg(&out).assert().success();
    root
}

fn import(root: &Path, more: &[&str]) -> (i32, String, String) {
    let mut command = xtask(root);
    command.arg("import").arg(root.join("class.zip")).args(more);
    let output = command.output().expect("a run");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code().expect("a code"),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn a_class_that_the_roster_knows_wants_no_look() {
    let root = class("canvas");
    let toml = root.path().join("class.toml");
    let (code, out, err) = import(root.path(), &["--class", toml.to_str().expect("a path")]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("class.zip: canvas, "), "{out}");
    assert!(out.contains("matched"), "{out}");
}

#[test]
fn whoever_is_not_in_the_roster_wants_a_look() {
    let root = class("moodle");
    let roster = root.path().join("roster.csv");
    let all = fs::read_to_string(&roster).expect("a roster");
    let without_the_first: Vec<&str> = all.lines().take(1).chain(all.lines().skip(2)).collect();
    fs::write(&roster, without_the_first.join("\n")).expect("a roster");
    let (code, out, _) = import(root.path(), &["--roster", roster.to_str().expect("a path")]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("unmatched (1)"), "{out}");
    assert!(out.contains("not in the roster: Jane Doe_"), "{out}");
}

#[test]
fn what_no_layout_explains_is_told_and_ends_with_65() {
    let root = class("canvas");
    let (code, out, err) = import(root.path(), &["--layout", "moodle"]);
    assert_eq!((code, out.as_str()), (65, ""));
    assert!(
        err.contains("nothing in it has the form of `moodle`"),
        "{err}"
    );
    assert!(err.contains("help: "), "{err}");
}

#[test]
fn a_pattern_without_a_student_ends_with_65() {
    let root = class("canvas");
    let (code, _, err) = import(root.path(), &["--pattern", "(?<file>.*)"]);
    assert_eq!(code, 65);
    assert!(
        err.contains("--pattern: it has no group `student`"),
        "{err}"
    );
}

#[test]
fn two_rosters_end_with_65() {
    let root = class("canvas");
    let path = |name: &str| root.path().join(name).display().to_string();
    let (toml, roster) = (path("class.toml"), path("roster.csv"));
    let (code, _, err) = import(root.path(), &["--class", &toml, "--roster", &roster]);
    assert_eq!(code, 65);
    assert!(
        err.contains("class.toml names a roster, and so does --roster"),
        "{err}"
    );
}

#[test]
fn nothing_of_the_scratch_folder_stays() {
    let root = class("canvas");
    let temp = root.path().join("temp");
    fs::create_dir(&temp).expect("a folder");
    let mut command = xtask(root.path());
    command
        .env("TMPDIR", &temp)
        .arg("import")
        .arg(root.path().join("class.zip"));
    command.assert().success();
    assert_eq!(fs::read_dir(&temp).expect("a folder").count(), 0);
}

#[test]
fn a_class_is_not_written_over_another() {
    let root = class("canvas");
    let mut again = xtask(root.path());
    again
        .args(["cohort", "--count", "3", "--out"])
        .arg(root.path().join("class.zip"));
    let output = again.assert().code(65).get_output().stderr.clone();
    let err = String::from_utf8_lossy(&output).into_owned();
    assert!(err.contains("nothing is written over"), "{err}");
}
