//! `cargo xtask audit`, as far as it takes no submission.

use std::fs;

use assert_cmd::Command;
use serde_json::Value;

use crate::{workspace, xtask};

/// The chore, on the course that this workspace has.
fn audit(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["audit", "--no-progress"]).args(args);
    command
}

fn stderr(command: &mut Command, code: i32) -> String {
    let assert = command.assert().code(code);
    String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
}

#[test]
fn a_mutant_is_explained_trace_by_trace() {
    for wanted in ["C05", "copy-is-not-filled"] {
        let assert = audit(&["--mutant", wanted]).assert().code(0);
        let said = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
        assert!(said.starts_with("C05 copy-is-not-filled: "), "{said}");
        assert!(
            said.contains("\nevery-byte (lab 5, hidden, copy_on_write)\n"),
            "{said}"
        );
        assert!(said.contains("the value that was read (V)"), "{said}");
    }
}

#[test]
fn a_mutant_is_explained_to_programs() {
    let assert = audit(&["--mutant", "C05", "--format", "json"])
        .assert()
        .code(0);
    let json: Value = serde_json::from_slice(&assert.get_output().stdout).expect("only JSON");
    assert_eq!(json["schema"], "faultline.audit/1");
    assert_eq!(json["mutants"][0]["fate"], "killed");
}

#[test]
fn an_unknown_mutant_or_lab_is_bad_input() {
    let said = stderr(&mut audit(&["--mutant", "Z99"]), 65);
    assert!(
        said.contains("error: no mutant is called `Z99`\nhelp: "),
        "{said}"
    );
    let said = stderr(&mut audit(&["--lab", "99"]), 65);
    assert!(
        said.contains("error: there is no lab 99\nhelp: one of 1, 2"),
        "{said}"
    );
}

#[test]
fn a_mutant_and_a_lab_do_not_go_together() {
    audit(&["--mutant", "C05", "--lab", "5"]).assert().code(2);
}

#[test]
fn a_registry_that_cannot_be_read_is_bad_input() {
    let root = workspace();
    let lab = root.path().join("labs/02-lazy");
    fs::create_dir_all(&lab).expect("a new folder");
    fs::write(lab.join("lab.toml"), "number = two").expect("a written file");
    let said = stderr(xtask(root.path()).arg("audit"), 65);
    assert!(said.contains("lab.toml"), "{said}");
}
