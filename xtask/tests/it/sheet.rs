//! `cargo xtask sheet`, on results that lie in a temporary folder, and the formats that
//! take one submission at a time.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use tempfile::TempDir;

const RESULTS: &str = r#"{ "schema": "faultline.grade/1", "submissions": [{
    "id": "501", "end": "failed", "score": 71.5, "max": 100.0, "message": "", "ignored": [],
    "flags": [], "labs": [], "traces": [] }] }"#;

const CANVAS: &str = "Student,ID,SIS Login ID,Section,Lab 2 (88123)\r\n\
    \"    Points Possible\",,,,100\r\n\"Doe, Jane\",501,jane,OS,\r\n\"Roe, R\",502,roe,OS,N/A\r\n";

const MOODLE: &str = "Identifier,\"Full name\",Grade,\"Maximum Grade\",\"Last modified (grade)\",\"Feedback comments\"\n\
    \"Participant 501\",\"Jane Doe\",,100.00,-,\n";

/// A folder with results and a sheet.
fn folder(sheet: &str) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    fs::write(folder.path().join("grades.json"), RESULTS).expect("a file");
    fs::write(folder.path().join("sheet.csv"), sheet).expect("a file");
    folder
}

fn sheet(system: &str, folder: &Path, args: &[&str]) -> Assert {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(["sheet", system])
        .arg(folder.join("sheet.csv"));
    command.arg("--from").arg(folder).args(args).assert()
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
}

#[test]
fn a_sheet_of_canvas_is_filled_in_beside_the_results() {
    let folder = folder(CANVAS);
    let done = sheet("canvas", folder.path(), &[]).code(0);
    assert!(
        stderr(&done).starts_with("1 filled in, 0 unchanged\n"),
        "{}",
        stderr(&done)
    );
    let filled = fs::read_to_string(folder.path().join("canvas.csv")).expect("a sheet");
    assert_eq!(filled, CANVAS.replace("jane,OS,\r\n", "jane,OS,71.5\r\n"));
    let before = fs::read_to_string(folder.path().join("sheet.csv")).expect("a sheet");
    assert_eq!(before, CANVAS);
}

#[test]
fn a_sheet_of_moodle_is_filled_in_where_it_is_wanted() {
    let folder = folder(MOODLE);
    let out = folder.path().join("for-moodle.csv");
    let args = ["--comments", "keep", "--out", out.to_str().expect("text")];
    sheet("moodle", folder.path(), &args).code(0);
    let filled = fs::read_to_string(out).expect("a sheet");
    assert_eq!(filled, MOODLE.replace("Doe\",,", "Doe\",71.50,"));
}

#[test]
fn what_cannot_be_filled_in_is_told_with_a_remedy() {
    let wrong = folder(MOODLE);
    let said = stderr(&sheet("canvas", wrong.path(), &[]).code(65));
    assert!(
        said.contains("this is no gradebook of Canvas'") && said.contains("help: "),
        "{said}"
    );
    assert!(!wrong.path().join("canvas.csv").exists());

    let own = folder(CANVAS);
    let itself = own.path().join("sheet.csv");
    let args = ["--out", itself.to_str().expect("text")];
    let said = stderr(&sheet("canvas", own.path(), &args).code(65));
    assert!(
        said.contains("take the place of the exported one"),
        "{said}"
    );

    fs::remove_file(own.path().join("grades.json")).expect("it is there");
    let said = stderr(&sheet("canvas", own.path(), &[]).code(65));
    assert!(
        said.contains("grades.json") && said.contains("cargo xtask grade"),
        "{said}"
    );
    sheet("canvas", own.path(), &["--missing", "7"]).code(2);
}

/// Grades so many empty submissions of lab 1 in a format.
fn graded(submissions: usize, format: &str, said: &[(&str, &str)]) -> Assert {
    let class = TempDir::new().expect("a temporary folder");
    for number in 0..submissions {
        let one = class.path().join(format!("s{number}"));
        fs::create_dir(&one).expect("a folder");
        fs::write(one.join("predict.toml"), "").expect("a file");
    }
    let out = class.path().join("results");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(["grade", "--lab", "1", "--format", format, "--out"])
        .arg(out);
    command
        .envs(said.iter().copied())
        .arg(class.path())
        .assert()
}

#[test]
fn systems_that_take_one_submission_are_told_of_one() {
    let text = |done: &Assert| String::from_utf8_lossy(&done.get_output().stdout).into_owned();
    let results = text(&graded(1, "gradescope", &[]).code(0));
    let results: serde_json::Value = serde_json::from_str(&results).expect("JSON");
    assert!(
        results["tests"]
            .as_array()
            .is_some_and(|tests| tests.len() > 1),
        "{results:#}"
    );
    let log = text(&graded(1, "autolab", &[]).code(0));
    assert_eq!(
        log.trim_end().lines().last(),
        Some("{\"scores\":{\"lab1\":0.0}}"),
        "{log}"
    );
    let said = [
        ("CLASSROOM", "os"),
        ("ASSIGNMENT", "lab1"),
        ("USERNAME", "ada"),
        ("SUBMISSION_TAG", "submit/2026-11-20T21-03-11Z-abc1234"),
        ("COMMIT_URL", "https://x/commit"),
        ("RELEASE_URL", "https://x/release"),
    ];
    let result = text(&graded(1, "classroom50", &said).code(0));
    let result: serde_json::Value = serde_json::from_str(&result).expect("JSON");
    assert_eq!(
        (&result["owner"], &result["score"]),
        (&"ada".into(), &0.into()),
        "{result:#}"
    );
}

#[test]
fn several_are_too_many_for_them_and_what_nobody_says_is_asked_for() {
    for format in ["gradescope", "classroom50", "autolab"] {
        let said = stderr(&graded(2, format, &[]).code(65));
        assert!(
            said.contains("takes one submission at a time, and here are 2"),
            "{said}"
        );
    }
    let said = stderr(&graded(1, "classroom50", &[("COMMIT_URL", "")]).code(65));
    assert!(said.contains("COMMIT_URL is not set"), "{said}");
}
