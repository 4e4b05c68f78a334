//! `cargo xtask new-exam`, up to where the work begins.

use crate::{workspace, xtask};

#[test]
fn a_lab_without_code_is_a_usage_error() {
    for labs in ["9", "0-3", "x", ""] {
        let root = workspace();
        let mut command = xtask(root.path());
        let run = command.args(["new-exam", "--seed", "1", "--labs", labs]);
        run.assert().code(2);
    }
}

#[test]
fn what_is_there_already_is_not_overwritten() {
    let root = workspace();
    let mut command = xtask(root.path());
    let run = command.args(["new-exam", "--seed", "1", "--out"]);
    let run = run.arg(root.path()).assert().code(65);
    let told = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(told.contains("is there already"), "{told}");
}
