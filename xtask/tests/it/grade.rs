//! `cargo xtask grade`, on a tiny class in a temporary folder.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use serde_json::Value;
use tempfile::TempDir;

/// A class of two: one handed in one sample's lab 1, the other nothing that counts.
fn class() -> TempDir {
    let class = TempDir::new().expect("a temporary folder");
    let ada = class.path().join("ada");
    fs::create_dir_all(ada.join("src")).expect("a new folder");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../grader/samples");
    for file in ["lab1.rs", "predict.toml"] {
        let sample = samples.join("perfect-ada").join(file);
        fs::copy(sample, ada.join("src").join(file)).expect("a sample");
    }
    let ben = class.path().join("ben");
    fs::create_dir(&ben).expect("a new folder");
    fs::write(ben.join("Cargo.toml"), "not yours").expect("a written file");
    class
}

/// Grades a class on lab 1, into the folder `out` beside it.
fn grade(class: &TempDir, args: &[&str]) -> Assert {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["grade", "--lab", "1", "--jobs", "2"]);
    command.arg("--out").arg(out(class));
    command.args(args).arg(class.path()).assert()
}

/// Not among the submissions: it begins to exist when they are found already.
fn out(class: &TempDir) -> std::path::PathBuf {
    class.path().join("results").join("of-today")
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stdout).into_owned()
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
}

#[test]
fn a_class_is_graded_and_the_results_are_written() {
    let class = class();
    let graded = grade(&class, &[]).code(0);
    let text = stdout(&graded);
    assert!(
        text.contains("2 submissions: 1 passed, 1 not written yet"),
        "{text}"
    );
    assert!(
        text.contains("ignored, not a handler file: Cargo.toml"),
        "{text}"
    );
    assert!(stderr(&graded).contains("results are in"));
    let table = fs::read_to_string(out(&class).join("grades.csv")).expect("a table");
    assert_eq!(table.lines().count(), 3, "{table}");
    for file in [
        "grades.json",
        "submissions/ada.json",
        "submissions/ben.json",
    ] {
        let text = fs::read_to_string(out(&class).join(file)).expect(file);
        serde_json::from_str::<Value>(&text).expect(file);
    }
}

#[test]
fn a_refused_archive_stops_nobody_else_and_its_name_leads_nowhere() {
    let class = class();
    fs::write(class.path().join("eve\n.zip"), "no archive").expect("a written file");
    let graded = grade(&class, &["--format", "json"]).code(0);
    let json: Value = serde_json::from_str(&stdout(&graded)).expect("nothing but JSON");
    let submissions = json["submissions"].as_array().expect("a list");
    let ends: Vec<&Value> = submissions.iter().map(|one| &one["end"]).collect();
    assert_eq!(ends, ["passed", "not written yet", "refused"]);
    assert_eq!(submissions[0]["source"].as_str().map(str::len), Some(64));
    assert_eq!(submissions[2]["source"], Value::Null);
    let said = submissions[2]["message"].as_str().expect("words");
    assert!(said.starts_with("the archive cannot be read: "), "{said}");
    let files = fs::read_dir(out(&class).join("submissions")).expect("a folder");
    let mut files: Vec<_> = files.flatten().map(|file| file.file_name()).collect();
    files.sort();
    let [ada, ben, eve] = &files[..] else {
        panic!("not three: {files:?}");
    };
    assert_eq!(
        (ada.as_os_str(), ben.as_os_str()),
        ("ada.json".as_ref(), "ben.json".as_ref())
    );
    assert!(eve.to_string_lossy().starts_with("eve_-"), "{eve:?}");
}

#[test]
fn the_json_on_stdout_is_one_object_with_all_that_is_promised() {
    let class = class();
    let graded = grade(&class, &["--format", "json"]).code(0);
    let json: Value = serde_json::from_str(&stdout(&graded)).expect("nothing but JSON");
    assert_eq!(json["schema"], "faultline.grade/1");
    let ada = &json["submissions"][0];
    assert_eq!(ada["id"], "ada");
    assert_eq!(ada["end"], "passed");
    assert_eq!(ada["score"], ada["max"]);
    assert!(ada["labs"].is_array() && ada["traces"].is_array());
    assert_eq!(json["submissions"][1]["score"], 0.0);
}

#[test]
fn too_few_points_end_with_1() {
    grade(&class(), &["--min-score", "0.5"]).code(1);
}

#[test]
fn enough_points_end_with_0() {
    grade(&class(), &["--min-score", "0"]).code(0);
}

#[test]
fn a_path_that_does_not_exist_is_bad_input() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let said = command.args(["grade", "/no/such/class"]).assert().code(65);
    let said = stderr(&said);
    assert!(said.contains("error: /no/such/class: "), "{said}");
    assert!(said.contains("help: "), "{said}");
}

#[test]
fn a_folder_without_submissions_is_bad_input() {
    let nothing = TempDir::new().expect("a temporary folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let said = command.arg("grade").arg(nothing.path()).assert().code(65);
    assert!(stderr(&said).contains("help: a submission is a folder with lab1.rs"));
}

#[test]
fn a_lab_that_does_not_exist_is_bad_input() {
    let said = grade(&class(), &["--lab", "99"]).code(65);
    let said = stderr(&said);
    assert!(
        said.contains("error: there is no lab 99\nhelp: one of 1, 2"),
        "{said}"
    );
}
