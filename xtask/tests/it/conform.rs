//! `cargo xtask conform`, on traces in a temporary folder.
//!
//! Where no trace can be run natively the program says so and ends with 77; the tests
//! then check that and nothing else.

use std::fs;

use assert_cmd::assert::Assert;
use serde_json::Value;
use tempfile::TempDir;

use crate::{workspace, xtask};

const TRACE: &str = "\
machine fault-around=16
mmap 1 0x100000000 16K rw private anon
read 1 0x100000000
write 1 0x100000000 =7
fork 1 2
write 2 0x100000000 =8
read 1 0x100000000
read 1 0x0
";

/// Compares a trace, with further arguments.
fn conform(trace: &str, args: &[&str]) -> (TempDir, Assert) {
    let root = workspace();
    let file = root.path().join("a.trace");
    fs::write(&file, trace).expect("a written file");
    let mut command = xtask(root.path());
    let assert = command.arg("conform").arg(file).args(args).assert();
    (root, assert)
}

/// What was printed, if this computer can run traces.
fn stdout(assert: Assert, code: i32) -> Option<String> {
    let output = assert.get_output().clone();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code() == Some(77) {
        assert!(said.contains("skipped: nothing was compared: "), "{said}");
        eprintln!("{said}");
        return None;
    }
    assert.code(code);
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn a_trace_conforms() {
    let (_root, assert) = conform(TRACE, &[]);
    let Some(text) = stdout(assert, 0) else {
        return;
    };
    assert!(text.contains("1 traces, 7 events, 5 accesses"), "{text}");
    assert!(text.ends_with("no difference\n"), "{text}");
}

#[test]
fn the_json_counts_what_linux_did() {
    let (_root, assert) = conform(TRACE, &["--json"]);
    let Some(text) = stdout(assert, 0) else {
        return;
    };
    let json: Value = serde_json::from_str(&text).expect("one JSON object");
    assert_eq!(json["schema"], "faultline.conform/1");
    assert_eq!(json["counts"]["verdicts"]["minor"], 3);
    assert_eq!(json["counts"]["verdicts"]["none"], 1);
    assert_eq!(json["counts"]["verdicts"]["maperr"], 1);
    assert_eq!(json["differences"], Value::Array(Vec::new()));
}

#[test]
fn random_traces_are_the_same_for_the_same_seed() {
    let root = workspace();
    let random = || {
        let args = [
            "conform", "--random", "3000", "--seed", "7", "--jobs", "1", "--json",
        ];
        let text = stdout(xtask(root.path()).args(args).assert(), 0)?;
        let json: Value = serde_json::from_str(&text).expect("one JSON object");
        assert!(json["counts"]["accesses"].as_u64() >= Some(3000));
        assert_eq!(json["seed"], 7);
        Some(json["counts"].clone())
    };
    assert_eq!(random(), random());
}

#[test]
fn a_malformed_trace_is_bad_input() {
    let (_root, assert) = conform("read 1 0x100000000\nwrte 1 0x100000000", &[]);
    let assert = assert.code(65);
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(said.contains("a.trace:2:1: "), "{said}");
    assert!(said.contains("help: "), "{said}");
}

#[test]
fn a_trace_that_is_not_there_is_bad_input() {
    let root = workspace();
    let missing = root.path().join("missing.trace");
    let assert = xtask(root.path())
        .arg("conform")
        .arg(missing)
        .assert()
        .code(65);
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(said.contains("missing.trace: "), "{said}");
}

#[test]
fn traces_and_random_ones_do_not_go_together() {
    let root = workspace();
    let args = ["conform", "a.trace", "--random", "10"];
    xtask(root.path()).args(args).assert().code(2);
}
