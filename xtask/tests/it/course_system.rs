//! A class that goes all the way: made up, exported as a course system does, imported,
//! graded, and its sheet read by somebody who knows that system's rules and none of our code
//! (`crates/sheets/tests/readers`, which need python3).
//!
//! `FAULTLINE_CLASS=300 cargo test -p xtask --test it -- --ignored course_system` does it
//! with a class of that size, on all labs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

/// A class that went all the way.
struct Returned {
    /// What each student gets, by id, of a hundred.
    points: BTreeMap<String, f64>,
    /// What the reader of the sheet makes of it.
    read: Value,
    /// What was said when the sheet was filled in.
    said: String,
    /// Students in the sheet.
    listed: Vec<String>,
}

/// A chore in this very workspace, which has all that grading needs.
fn chore(args: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(args)
        .output()
        .expect("a run");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = text(&output.stderr);
    assert!(output.status.success(), "{args:?}: {said}");
    (text(&output.stdout), said)
}

fn python() -> Option<PathBuf> {
    let found = which::which("python3").ok();
    if found.is_none() {
        eprintln!("skipped: there is no python3, which reads the sheets");
    }
    found
}

/// Makes up a class, grades it and gives its sheet to the reader; none without python3.
fn there_and_back(system: &str, count: &str, labs: &[&str]) -> Option<Returned> {
    let python = python()?;
    let folder = TempDir::new().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let (class, export, out) = (at("class.toml"), at("class.zip"), at("grades"));
    chore(&[
        "cohort",
        "--count",
        count,
        "--layout",
        system,
        "--quick",
        "--attempts",
        "--out",
        &export,
    ]);
    chore(&["import", &export, "--class", &class]);
    let mut grade = vec!["grade", &export, "--class", &class, "--out", &out];
    grade.extend(labs.iter().flat_map(|lab| ["--lab", lab]));
    chore(&grade);
    let (sheet, filled) = (at("sheet.csv"), at("filled.csv"));
    let (_, said) = chore(&[
        "sheet", system, &sheet, "--from", &out, "--out", &filled, "--class", &class, "--scale",
    ]);
    let knows = known(system, &sheet);
    let (course, listed) = (at("course.json"), knows.1);
    fs::write(&course, knows.0.to_string()).expect("a file");
    let reader = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../crates/sheets/tests/readers")
        .join(format!("{system}.py"));
    let output = Command::new(python)
        .args([reader.as_path(), Path::new(&filled), Path::new(&course)])
        .output()
        .expect("a reader");
    assert!(output.status.success(), "{output:?}");
    Some(Returned {
        points: points(&Path::new(&out).join("grades.csv")),
        read: serde_json::from_slice(&output.stdout).expect("JSON"),
        said,
        listed,
    })
}

/// What the course system knows by itself, before it gets the sheet back: whoever it has
/// listed in it. And these.
fn known(system: &str, sheet: &str) -> (Value, Vec<String>) {
    let rows = rows(Path::new(sheet));
    let listed = |column: &str| -> Vec<String> {
        let ids = rows.iter().map(|row| row[column].clone());
        ids.filter(|id| !id.is_empty()).collect()
    };
    if system == "moodle" {
        let ids = listed("Identifier").into_iter();
        let numbers: Vec<String> = ids
            .map(|id| id.trim_start_matches("Participant ").to_owned())
            .collect();
        let locked = rows
            .iter()
            .filter(|row| row["Grade can be changed"] == "No");
        let locked: Vec<&str> = locked
            .map(|row| row["Identifier"].trim_start_matches("Participant "))
            .collect();
        let about = json!({
            "maximum": 100.0, "participants": numbers, "locked": locked, "grades": {},
        });
        return (about, numbers);
    }
    let ids = listed("ID");
    let students: serde_json::Map<String, Value> = rows
        .iter()
        .filter(|row| !row["ID"].is_empty())
        .map(|row| {
            let about = json!({
                "name": row["Student"], "sortable": row["Student"],
                "sis": row["SIS User ID"], "login": row["SIS Login ID"],
            });
            (row["ID"].clone(), about)
        })
        .collect();
    let about = json!({
        "students": students, "scores": {},
        "assignments": { "88123": { "title": "Page faults", "points": 100, "assigned": ids } },
    });
    (about, ids)
}

fn rows(file: &Path) -> Vec<BTreeMap<String, String>> {
    let mut table = csv::Reader::from_path(file).expect("a table");
    let rows = table.deserialize();
    rows.map(|row| row.expect("a row")).collect()
}

fn points(file: &Path) -> BTreeMap<String, f64> {
    let number = |text: &str| text.parse::<f64>().ok();
    let of_hundred = |row: &BTreeMap<String, String>| {
        let (points, max) = (number(&row["points"])?, number(&row["max"])?);
        Some((row["id"].clone(), points * 100.0 / max))
    };
    rows(file).iter().filter_map(of_hundred).collect()
}

/// Half a hundredth is lost where points are written with two decimals.
fn is_same(one: f64, other: f64) -> bool {
    (one - other).abs() < 0.0051
}

fn canvas_takes_all(count: &str, labs: &[&str]) {
    let Some(back) = there_and_back("canvas", count, labs) else {
        return;
    };
    for trouble in [
        "new assignments",
        "new students",
        "by name alone",
        "read only",
    ] {
        assert_eq!(back.read[trouble], json!([]), "{trouble}");
    }
    let changes = back.read["changes"]["88123"].as_object().expect("changes");
    let taken: BTreeMap<&str, f64> = changes
        .iter()
        .map(|(id, score)| {
            (
                &**id,
                score.as_str().unwrap_or("").parse().expect("a number"),
            )
        })
        .collect();
    assert_eq!(
        taken.keys().copied().collect::<Vec<_>>(),
        back.points.keys().map(String::as_str).collect::<Vec<_>>(),
        "{}",
        back.said
    );
    for (id, points) in &back.points {
        assert!(is_same(taken[&**id], *points), "{id}: {points}");
        assert!(back.listed.contains(id), "{id}");
    }
}

fn moodle_takes_all_but_what_was_told(count: &str, labs: &[&str]) {
    let Some(back) = there_and_back("moodle", count, labs) else {
        return;
    };
    assert_eq!(back.read["nobody"], json!([]));
    let taken = back.read["grades"].as_object().expect("grades");
    assert!(!taken.is_empty(), "{}", back.said);
    for (id, points) in &back.points {
        match taken.get(id) {
            Some(grade) => assert!(is_same(grade.as_f64().expect("a number"), *points), "{id}"),
            None => assert!(
                back.said.contains(&format!("Participant {id}")),
                "{id} is left out ({}), and nobody was told: {}",
                back.read["skipped"][id],
                back.said
            ),
        }
    }
    assert!(taken.keys().all(|id| back.points.contains_key(id)));
}

#[test]
fn canvas_takes_the_sheet_of_a_class_that_it_exported() {
    canvas_takes_all("20", &["1"]);
}

#[test]
fn moodle_takes_the_worksheet_of_a_class_that_it_exported() {
    moodle_takes_all_but_what_was_told("20", &["1"]);
}

fn class_of_many() -> String {
    std::env::var("FAULTLINE_CLASS").unwrap_or_else(|_| "300".to_owned())
}

#[test]
#[ignore = "grades 300 submissions on all labs"]
fn canvas_takes_the_sheet_of_a_whole_class() {
    canvas_takes_all(&class_of_many(), &[]);
}

#[test]
#[ignore = "grades 300 submissions on all labs"]
fn moodle_takes_the_worksheet_of_a_whole_class() {
    moodle_takes_all_but_what_was_told(&class_of_many(), &[]);
}
