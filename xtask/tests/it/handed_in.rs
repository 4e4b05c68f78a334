//! What `cargo lab submit` packs is what grading takes.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use grader::intake::Submission;
use tempfile::TempDir;

/// What a student may have beside the handler files.
const BESIDE: [(&str, &str); 4] = [
    ("belady.trace", "machine frames=3\n"),
    ("mine.trace", "read 1 0x1000 # => segv maperr\n"),
    ("policy.rs", "pub struct Own;\n"),
    ("predict.toml", "[accesses]\n11 = \"hit\"\n"),
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A workspace with the reference's handlers; there is nothing to compile them with.
fn solved() -> TempDir {
    let root = TempDir::new().expect("a temporary folder");
    let sources = root.path().join("labs/skeleton/src");
    fs::create_dir_all(&sources).expect("a new folder");
    for entry in fs::read_dir(repository().join("labs")).expect("the labs") {
        let lab = entry.expect("a lab").path();
        if lab.join("lab.toml").is_file() {
            let name = lab.file_name().expect("a name");
            symlink(&lab, root.path().join("labs").join(name)).expect("a link");
        }
    }
    for number in 1..=8 {
        let file = format!("lab{number}.rs");
        let from = repository().join("labs/solution/src").join(&file);
        fs::copy(from, sources.join(file)).expect("a handler file");
    }
    for (name, text) in BESIDE {
        fs::write(sources.join(name), text).expect("a written file");
    }
    fs::write(sources.join("main.rs"), "fn main() {}\n").expect("a written file");
    fs::write(sources.join("notes.md"), "swap is hard\n").expect("a written file");
    root
}

/// `cargo lab`, which is no part of this package.
fn lab() -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "lab"]);
    cargo.current_dir(repository()).assert().success();
    Path::new(env!("CARGO_BIN_EXE_xtask")).with_file_name("lab")
}

#[test]
fn the_archive_of_a_solved_workspace_is_taken_as_it_is() {
    let root = solved();
    let archive = root.path().join("ada.zip");
    let mut submit = Command::new(lab());
    submit.current_dir(root.path()).env("CARGO", "false");
    submit
        .arg("submit")
        .arg("-o")
        .arg(&archive)
        .assert()
        .success();
    let taken = Submission::at(&archive).read().expect("it is not refused");
    for (name, text) in &taken.files {
        let sources = root.path().join("labs/skeleton/src");
        let own = fs::read_to_string(sources.join(name)).expect("a handler file");
        assert_eq!(*text, own, "{name}");
    }
    assert_eq!(taken.files.len(), 8);
    let mut beside = taken.attachments.clone();
    beside.extend(taken.policy.map(|text| ("policy.rs".to_owned(), text)));
    beside.sort();
    let expected = BESIDE.map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(beside, expected);
    assert_eq!((taken.unreadable, taken.ignored), (Vec::new(), Vec::new()));
}
