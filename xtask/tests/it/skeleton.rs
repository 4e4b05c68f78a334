//! `cargo xtask skeleton [--check]`.

use std::fs;
use std::path::Path;

use handout::skeleton::{PARTS, Role, SKELETON, SOLUTION};
use tempfile::TempDir;

use crate::{workspace, xtask};

/// A workspace with a small solution, in the files that the real one has.
fn solved() -> TempDir {
    let root = workspace();
    for part in PARTS {
        let name = part.name.replace(".rs", "");
        let text = match part.role {
            Role::Generated => format!(
                "// FAULTLINE-BEGIN {name}\nsecret\n// FAULTLINE-HANDOUT\n// todo\n\
                 // FAULTLINE-END {name}\n"
            ),
            Role::Copied | Role::Separate | Role::Withheld => "plumbing\n".to_owned(),
            Role::Handwritten => {
                put(root.path(), SKELETON, part.name, "own\n");
                continue;
            }
        };
        put(root.path(), SOLUTION, part.name, &text);
        if part.role == Role::Separate {
            put(root.path(), SKELETON, part.name, "own\n");
        }
    }
    root
}

fn put(root: &Path, folder: &str, name: &str, text: &str) {
    let folder = root.join(folder);
    fs::create_dir_all(&folder).expect("a new folder");
    fs::write(folder.join(name), text).expect("a written file");
}

#[track_caller]
fn stdout_of(root: &Path, args: &[&str], code: i32) -> String {
    let assert = xtask(root).args(args).assert().code(code);
    String::from_utf8_lossy(&assert.get_output().stdout).into_owned()
}

#[test]
fn a_stale_skeleton_fails_the_check_until_it_is_written() {
    let root = solved();
    let stale = stdout_of(root.path(), &["skeleton", "--check"], 1);
    assert!(
        stale.contains("labs/skeleton/src/lab1.rs: missing"),
        "{stale}"
    );
    assert!(stale.contains("cargo xtask skeleton"), "{stale}");

    let written = stdout_of(root.path(), &["skeleton"], 0);
    assert!(
        written.contains("wrote labs/skeleton/src/lab1.rs"),
        "{written}"
    );
    assert_eq!(stdout_of(root.path(), &["skeleton", "--check"], 0), "");
    assert_eq!(stdout_of(root.path(), &["skeleton"], 0), "");
}

#[test]
fn a_bad_marker_is_bad_input() {
    let root = solved();
    put(
        root.path(),
        SOLUTION,
        "lab1.rs",
        "// FAULTLINE_BEGIN zero\n",
    );
    for args in [&["skeleton"][..], &["skeleton", "--check"]] {
        let assert = xtask(root.path()).args(args).assert().code(65);
        let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        assert!(
            stderr.starts_with("error: labs/solution/src/lab1.rs:1:4: `FAULTLINE`"),
            "{stderr}"
        );
    }
}

#[test]
fn a_file_that_nobody_listed_is_bad_input() {
    let root = solved();
    put(root.path(), SOLUTION, "unlisted.rs", "secret\n");
    xtask(root.path()).arg("skeleton").assert().code(65);
}

#[test]
fn an_unreadable_file_is_our_own_fault() {
    let root = solved();
    fs::remove_file(root.path().join(SOLUTION).join("lab1.rs")).expect("a removed file");
    fs::create_dir(root.path().join(SOLUTION).join("lab1.rs")).expect("a new folder");
    xtask(root.path()).arg("skeleton").assert().code(70);
}
