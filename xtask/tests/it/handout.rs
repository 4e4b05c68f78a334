//! `cargo xtask handout` as a program: what it prints, and how it ends.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

use crate::{workspace, xtask};

/// A workspace whose list ships nothing and lets nothing but itself stay at home.
fn kit() -> TempDir {
    let root = workspace();
    let folder = root.path().join("crates/handout");
    fs::create_dir_all(&folder).unwrap();
    let list = "[home]\nfolders = [\"crates/handout\"]\n";
    fs::write(folder.join("allow.toml"), list).unwrap();
    root
}

fn handout(root: &Path) -> Command {
    let mut command = xtask(root);
    command
        .args(["handout", "--no-proof", "--out"])
        .arg(root.join("target/out"));
    command
}

#[test]
fn what_is_found_is_printed_and_ends_with_1() {
    let root = kit();
    fs::write(root.path().join("lab2.rs"), "").unwrap();
    handout(root.path()).assert().code(1).stdout(
        "lab2.rs: neither shipped nor said to stay at home\n  add it to `ship`, `secret` or \
             `home` in crates/handout/allow.toml, or remove it\n",
    );
    assert!(!root.path().join("target/out").exists());
}

#[test]
fn a_malformed_list_ends_with_65() {
    let root = kit();
    fs::write(root.path().join("crates/handout/allow.toml"), "[[ship]]\n").unwrap();
    let assert = handout(root.path()).assert().code(65);
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(
        said.starts_with("error: crates/handout/allow.toml: "),
        "{said}"
    );
}

#[test]
fn a_folder_with_something_in_it_ends_with_65() {
    let root = kit();
    fs::create_dir_all(root.path().join("target/out")).unwrap();
    fs::write(root.path().join("target/out/mine"), "").unwrap();
    let assert = handout(root.path()).assert().code(65);
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(
        said.contains("exists already, and is not an empty folder"),
        "{said}"
    );
    assert!(root.path().join("target/out/mine").exists());
}

#[test]
fn a_folder_in_the_workspace_ends_with_65() {
    let root = kit();
    let mut command = xtask(root.path());
    let inside = root.path().join("labs/out");
    command
        .args(["handout", "--no-proof", "--out"])
        .arg(&inside);
    let assert = command.assert().code(65);
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(said.contains("inside the workspace"), "{said}");
    assert!(!inside.exists());
}

#[test]
fn without_git_it_ends_with_77() {
    let root = kit();
    fs::create_dir(root.path().join(".git")).unwrap();
    let assert = handout(root.path()).env("PATH", "").assert().code(77);
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(
        said.starts_with("error: there is no `git` on this machine"),
        "{said}"
    );
}

#[test]
fn a_wrong_list_of_labs_is_wrong_usage() {
    let root = kit();
    for labs in ["3-1", "one"] {
        handout(root.path()).args(["--labs", labs]).assert().code(2);
    }
    xtask(root.path()).arg("handout").assert().code(2);
}

#[test]
fn a_handout_is_compared_with_its_manifest() {
    let root = kit();
    let manifest = "schema = \"faultline.manifest/1\"\nkit = \"0\"\nsource = \"unknown\"\n\
                    labs = []\n[[file]]\npath = \"a\"\nsize = 0\nsha256 = \
                    \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"\n";
    let folder = root.path().join("target/out");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("MANIFEST.toml"), manifest).unwrap();
    let verify = || {
        let mut command = xtask(root.path());
        command.args(["handout", "--verify"]).arg(&folder);
        command
    };
    fs::write(folder.join("a"), "").unwrap();
    verify().assert().code(0);
    fs::write(folder.join("a"), "b").unwrap();
    verify()
        .assert()
        .code(1)
        .stdout("a: is not what was handed out\n  make the handout anew\n");
}
