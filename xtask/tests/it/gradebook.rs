//! `cargo xtask grade` with what is known already, in parts, and `merge` and `export`.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use tempfile::TempDir;

/// A class of three, two of whom have handed in the same.
fn class() -> TempDir {
    let root = TempDir::new().expect("a temporary folder");
    let sheet = Path::new(env!("CARGO_MANIFEST_DIR")).join("../grader/samples/perfect-ada");
    for student in ["ada", "ben", "cyd"] {
        let folder = root.path().join("class").join(student);
        fs::create_dir_all(&folder).expect("a new folder");
        let from = sheet.join("predict.toml");
        match student {
            "ben" => fs::write(folder.join("predict.toml"), "[accesses]\n"),
            _ => fs::copy(from, folder.join("predict.toml")).map(drop),
        }
        .expect("a sheet");
    }
    root
}

fn xtask() -> Command {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
}

/// Grades lab 1 of a class into this folder beside it.
fn grade(class: &TempDir, out: &str, args: &[&str]) -> Command {
    let mut command = xtask();
    command.args(["grade", "--lab", "1", "--out"]);
    command.arg(class.path().join(out)).args(args);
    command.arg(class.path().join("class"));
    command
}

fn export(class: &TempDir, folder: &str) -> String {
    let mut command = xtask();
    command.args(["export", "--out", "-"]);
    let exported = command.arg(class.path().join(folder)).assert().code(0);
    stdout(&exported)
}

fn merge(class: &TempDir, folders: &[&str], out: &str) -> Assert {
    let mut command = xtask();
    command
        .arg("merge")
        .arg("--out")
        .arg(class.path().join(out));
    let folders: Vec<PathBuf> = folders.iter().map(|it| class.path().join(it)).collect();
    command.args(folders).assert()
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stdout).into_owned()
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
}

#[test]
fn what_is_known_is_told_again_without_a_compiler() {
    let class = class();
    let first = grade(&class, "out", &[]).assert().code(0);
    assert!(stderr(&first).contains("3 submissions: 3 graded\n"));
    let table = class.path().join("out/grades.csv");
    let before = fs::read_to_string(&table).expect("a table");
    fs::remove_file(&table).expect("our file");
    // Whoever builds a kit calls cargo.
    let again = grade(&class, "out", &[])
        .env("CARGO", "false")
        .assert()
        .code(0);
    let said = stderr(&again);
    assert!(
        said.contains("3 submissions: 3 as before (--fresh grades all again)\n"),
        "{said}"
    );
    assert_eq!(stdout(&again), stdout(&first));
    assert_eq!(fs::read_to_string(&table).expect("a table"), before);
}

#[test]
fn what_has_changed_is_graded_and_so_is_everything_if_that_is_asked_for() {
    let class = class();
    grade(&class, "out", &[]).assert().code(0);
    let fresh = grade(&class, "out", &["--fresh"])
        .env("CARGO", "false")
        .assert();
    assert!(stderr(&fresh.code(70)).contains("the kit cannot be built"));
    let sheet = class.path().join("class/ben/predict.toml");
    fs::write(sheet, "[accesses]\n1 = \"hit\"\n").expect("a sheet");
    let changed = grade(&class, "out", &[]).assert().code(0);
    let said = stderr(&changed);
    // The fresh run that had no kit is what goes on: it had graded nothing.
    assert!(said.contains("3 submissions: 3 graded\n"), "{said}");
    let sheet = class.path().join("class/ben/predict.toml");
    fs::write(sheet, "[accesses]\n1 = \"miss\"\n").expect("a sheet");
    let said = stderr(&grade(&class, "out", &[]).assert().code(0));
    assert!(
        said.contains("3 submissions: 1 graded, 2 as before"),
        "{said}"
    );
}

#[test]
fn parts_that_are_merged_are_the_whole() {
    let class = class();
    grade(&class, "whole", &[]).assert().code(0);
    for shard in ["1/3", "2/3", "3/3"] {
        let out = format!("part-{}", &shard[..1]);
        grade(&class, &out, &["--shard", shard]).assert().code(0);
    }
    let whole = export(&class, "whole");
    let merged = merge(&class, &["part-3", "part-1", "part-2"], "merged").code(0);
    assert_eq!(export(&class, "merged"), whole);
    assert!(stderr(&merged).contains("3 students of 3 gradebooks\n"));
    merge(&class, &["part-1", "part-2", "part-3"], "merged").code(0);
    assert_eq!(export(&class, "merged"), whole);
    let read = |file: &str| fs::read_to_string(class.path().join(file)).expect(file);
    for file in ["grades.csv", "grades.json", "submissions/cyd.json"] {
        assert_eq!(
            read(&format!("merged/{file}")),
            read(&format!("whole/{file}"))
        );
    }
    let some = merge(&class, &["part-1", "part-2"], "some").code(0);
    let said = stderr(&some);
    assert!(
        said.contains("warning: parts are missing, and their students"),
        "{said}"
    );
    assert!(said.contains("with them: 3/3\nhelp: "), "{said}");
}

#[test]
fn parts_of_different_labs_are_not_merged() {
    let class = class();
    grade(&class, "one", &["--shard", "1/2"]).assert().code(0);
    let both = ["--shard", "2/2", "--lab", "9"];
    grade(&class, "other", &both).assert().code(0);
    let said = stderr(&merge(&class, &["one", "other"], "merged").code(65));
    assert!(
        said.contains("were graded with different traces and answer keys"),
        "{said}"
    );
}

#[test]
fn a_shard_that_there_is_none_of_is_a_mistake_of_usage() {
    let said = stderr(&grade(&class(), "out", &["--shard", "9/8"]).assert().code(2));
    assert!(
        said.contains("a shard is K/N, with K from 1 to N"),
        "{said}"
    );
}

#[test]
fn what_is_no_gradebook_is_not_written_over() {
    let class = class();
    let out = class.path().join("out");
    fs::create_dir(&out).expect("a new folder");
    let letter = "Dear students,\n".repeat(100);
    fs::write(out.join("gradebook.sqlite"), &letter).expect("a letter");
    let said = stderr(&grade(&class, "out", &[]).assert().code(65));
    assert!(said.contains("this file is no gradebook"), "{said}");
    let after = fs::read_to_string(out.join("gradebook.sqlite"));
    assert_eq!(after.expect("a letter"), letter);
}

#[test]
fn where_nothing_was_graded_there_is_nothing_to_export() {
    let class = class();
    let mut command = xtask();
    command.args(["export", "--out", "-"]).arg(class.path());
    let said = stderr(&command.assert().code(65));
    assert!(
        said.contains("there is no gradebook\nhelp: `cargo xtask grade"),
        "{said}"
    );
}
