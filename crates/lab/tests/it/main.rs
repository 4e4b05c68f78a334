//! `cargo lab` as students and scripts see it: what it prints, screens, exit codes.

mod board;
mod check;
mod compare;
mod html;
mod predict;
mod program;
mod student;
mod submit;
mod terminal;
mod watch;

use assert_cmd::Command;
use tempfile::TempDir;

/// Runs a trace with the skeleton's handlers, in the folder that holds the trace's
/// workspace.
fn run(trace: &str) -> assert_cmd::assert::Assert {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("student.trace");
    std::fs::write(&path, trace).unwrap();
    let mut lab = Command::cargo_bin("lab").unwrap();
    lab.args(["run", "--with", "skeleton"]).arg(&path).assert()
}

/// The standard error of a trace that must be refused.
fn refused(trace: &str) -> String {
    let output = run(trace).code(65).get_output().clone();
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_malformed_trace_ends_with_65_and_its_file_line_and_column() {
    for (trace, place) in [
        ("reed 1 0x1000\n", "student.trace:1:1: "),
        (
            "sigaction 1 segv handler\nread 1 4096\n",
            "student.trace:2:8: ",
        ),
        (
            "mmap 1 0x1000 4K rw private nowhere\n",
            "student.trace:1:29: ",
        ),
        ("read 1 0x1000 @7\n", "student.trace:1:15: "),
    ] {
        let error = refused(trace);
        assert!(error.contains(place), "{place} is not in: {error}");
    }
}

#[test]
fn a_trace_that_cannot_be_read_ends_with_65_and_a_remedy() {
    for missing_or_a_folder in ["no.trace", "src"] {
        let mut lab = Command::cargo_bin("lab").unwrap();
        let run = lab.args(["run", missing_or_a_folder]).assert().code(65);
        let error = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(error.contains("help:"), "{error}");
    }
}

#[test]
fn an_unknown_option_is_a_mistake_of_usage() {
    let mut lab = Command::cargo_bin("lab").unwrap();
    lab.args(["run", "--no-such-option"]).assert().code(2);
}

#[test]
fn a_policy_can_be_asked_instead_of_choose_victim() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let trace = root.join("labs/08-replace/traces/operating-system-concepts.trace");
    // What textbooks say of this string, and second chance.
    for (policy, page_ins) in [
        (Some("fifo"), 15),
        (Some("lru"), 12),
        (Some("opt"), 9),
        (Some("own"), 15),
        (None, 14),
    ] {
        let mut lab = Command::cargo_bin("lab").unwrap();
        lab.args(["run", "--with", "solution", "--format", "summary"]);
        lab.args(policy.into_iter().flat_map(|name| ["--policy", name]));
        let run = lab.arg(&trace).assert().success();
        let text = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
        let expected = format!("0 minor faults, {page_ins} major faults");
        assert!(text.contains(&expected), "{policy:?}: {text}");
    }
}
