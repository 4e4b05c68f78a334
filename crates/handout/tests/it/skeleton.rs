//! The skeleton crate as a whole, in temporary workspaces.

use std::fs;
use std::path::Path;

use handout::skeleton::{PARTS, Part, Role, SKELETON, SOLUTION, Skeleton, check};
use tempfile::TempDir;

const LAB: &str = "\
// FAULTLINE-BEGIN zero
secret
// FAULTLINE-HANDOUT
// todo
// FAULTLINE-END zero
";

const TWO: [Part; 2] = [
    Part::new("lib.rs", Role::Copied),
    Part::new("lab1.rs", Role::Generated),
];

/// A workspace with the files given, by their path below the root.
fn workspace(files: &[(&str, &str)]) -> TempDir {
    let root = TempDir::new().unwrap();
    for folder in [SOLUTION, SKELETON] {
        fs::create_dir_all(root.path().join(folder)).unwrap();
    }
    for (path, text) in files {
        put(&root, path, text);
    }
    root
}

fn put(root: &TempDir, path: &str, text: &str) {
    fs::write(root.path().join(path), text).unwrap();
}

fn solution() -> TempDir {
    workspace(&[
        ("labs/solution/src/lib.rs", "mod lab1;\n"),
        ("labs/solution/src/lab1.rs", LAB),
    ])
}

fn two(root: &TempDir) -> Skeleton<'_> {
    Skeleton {
        root: root.path(),
        parts: &TWO,
    }
}

fn stale(root: &TempDir) -> Vec<String> {
    let stale = two(root).check().unwrap();
    stale.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn refuses(skeleton: Skeleton<'_>, expected: &str) {
    let error = skeleton.files().unwrap_err().to_string();
    assert!(error.starts_with(expected), "{error}");
    assert_eq!(skeleton.check().unwrap_err().to_string(), error);
    assert_eq!(skeleton.write().unwrap_err().to_string(), error);
}

#[test]
fn what_is_written_is_fresh() {
    let root = solution();
    fs::remove_dir(root.path().join(SKELETON)).unwrap();
    let written = two(&root).write().unwrap();
    assert_eq!(
        written,
        TWO.iter()
            .map(|part| Path::new(SKELETON).join(part.name))
            .collect::<Vec<_>>()
    );
    assert_eq!(stale(&root), [""; 0]);
    let lab = fs::read_to_string(root.path().join("labs/skeleton/src/lab1.rs")).unwrap();
    assert_eq!(lab, "todo\n");
}

#[test]
fn what_is_fresh_is_not_written_again() {
    let root = solution();
    two(&root).write().unwrap();
    assert!(two(&root).write().unwrap().is_empty());
}

#[test]
fn what_differs_is_stale() {
    let root = solution();
    assert_eq!(
        stale(&root),
        [
            "labs/skeleton/src/lib.rs: missing",
            "labs/skeleton/src/lab1.rs: missing",
        ]
    );
    two(&root).write().unwrap();
    put(&root, "labs/skeleton/src/lab1.rs", "todo\nmore\n");
    put(&root, "labs/skeleton/src/old.rs", "old\n");
    assert_eq!(
        stale(&root),
        [
            "labs/skeleton/src/lab1.rs:2: differs from the solution",
            "labs/skeleton/src/old.rs: no file of the solution makes it",
        ]
    );
}

#[test]
fn what_is_withheld_is_not_handed_out() {
    let root = workspace(&[("labs/solution/src/notes.rs", "secret\n")]);
    let parts = &[Part::new("notes.rs", Role::Withheld)];
    let skeleton = Skeleton {
        root: root.path(),
        parts,
    };
    assert!(skeleton.files().unwrap().is_empty());
    put(&root, "labs/skeleton/src/notes.rs", "secret\n");
    assert_eq!(
        skeleton.check().unwrap()[0].to_string(),
        "labs/skeleton/src/notes.rs: no file of the solution makes it"
    );
}

#[test]
fn a_separate_file_is_the_skeletons_own() {
    let root = workspace(&[("labs/solution/src/lib.rs", "secret\n")]);
    let parts = &[Part::new("lib.rs", Role::Separate)];
    let skeleton = Skeleton {
        root: root.path(),
        parts,
    };
    assert!(skeleton.write().unwrap().is_empty());
    assert_eq!(
        skeleton.check().unwrap()[0].to_string(),
        "labs/skeleton/src/lib.rs: missing"
    );
    put(&root, "labs/skeleton/src/lib.rs", "own\n");
    assert!(skeleton.check().unwrap().is_empty());
}

#[test]
fn a_workspace_without_a_solution_has_nothing_to_write() {
    let root = TempDir::new().unwrap();
    assert!(two(&root).write().unwrap().is_empty());
    assert!(two(&root).check().unwrap().is_empty());
}

#[test]
fn a_file_that_nobody_listed_is_refused() {
    let root = solution();
    put(&root, "labs/solution/src/secret.rs", "secret\n");
    refuses(two(&root), "labs/solution/src/secret.rs: not listed");
}

#[test]
fn a_listed_file_that_is_absent_is_refused() {
    let root = solution();
    fs::remove_file(root.path().join("labs/solution/src/lib.rs")).unwrap();
    refuses(
        two(&root),
        "labs/solution/src/lib.rs: listed, but does not exist",
    );
}

#[test]
fn a_role_fits_its_file() {
    let root = solution();
    put(&root, "labs/solution/src/lab1.rs", "secret\n");
    refuses(two(&root), "labs/solution/src/lab1.rs: without a hole");
    let root = solution();
    put(&root, "labs/solution/src/lib.rs", LAB);
    refuses(two(&root), "labs/solution/src/lib.rs: listed as copied");
}

#[test]
fn a_hole_has_one_file() {
    let root = solution();
    put(&root, "labs/solution/src/lib.rs", LAB);
    let skeleton = Skeleton {
        root: root.path(),
        parts: &TWO.map(|part| Part::new(part.name, Role::Generated)),
    };
    refuses(
        skeleton,
        "labs/solution/src/lab1.rs: hole `zero` exists in labs/solution/src/lib.rs too",
    );
}

#[test]
fn nothing_is_written_when_one_file_is_refused() {
    let root = solution();
    put(
        &root,
        "labs/solution/src/lab1.rs",
        "// FAULTLINE-BEGIN zero\n",
    );
    refuses(
        two(&root),
        "labs/solution/src/lab1.rs:1:1: `zero` is never closed",
    );
    assert!(!root.path().join("labs/skeleton/src/lib.rs").exists());
}

#[test]
fn the_skeleton_of_this_workspace_is_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let stale = check(&root).unwrap();
    assert!(stale.is_empty(), "run `cargo xtask skeleton`: {stale:?}");
}

#[test]
fn names_are_listed_once() {
    for (index, part) in PARTS.iter().enumerate() {
        assert!(PARTS[..index].iter().all(|other| other.name != part.name));
    }
}
