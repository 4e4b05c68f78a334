//! `cargo xtask record --import FILE`.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use vmsim::event::Event;
use vmtrace::open::open;

use crate::{workspace, xtask};

const LOG: &str = "==100== Lackey, an example Valgrind tool\n\
                   ==100== Command: ./demo a b\n\
                   I  00401000,3\n \
                   S 1fff000010,8\n\
                   I  00401003,3\n \
                   L 1fff000010,8\n";

/// A folder with a log in it.
fn recorded(name: &str, log: &str) -> TempDir {
    let root = workspace();
    fs::write(root.path().join(name), log).expect("a written file");
    root
}

/// Runs the chore in the folder; what it says on stderr.
#[track_caller]
fn record(root: &Path, args: &[&str], code: i32) -> String {
    let mut command = xtask(root);
    let assert = command.current_dir(root).arg("record").args(args).assert();
    let output = assert.code(code);
    String::from_utf8_lossy(&output.get_output().stderr).into_owned()
}

fn read(root: &Path, name: &str) -> String {
    fs::read_to_string(root.join(name)).expect("a trace")
}

/// The events of a trace, text or binary.
fn events(root: &Path, name: &str) -> Vec<Event> {
    let bytes = fs::read(root.join(name)).expect("a trace");
    let trace = open(bytes.as_slice()).expect("a machine");
    trace.map(|line| line.expect("an event").event).collect()
}

#[test]
fn a_log_becomes_a_trace_of_its_name() {
    let root = recorded("sort.log", LOG);
    let said = record(root.path(), &["--import", "sort.log"], 0);
    assert!(said.contains("4 accesses (2 fetches, 1 loads"), "{said}");
    assert!(said.contains("to sort.trace"), "{said}");
    let trace = read(root.path(), "sort.trace");
    assert!(
        trace.starts_with("# cargo xtask record --import sort.log\nmachine "),
        "{trace}"
    );
    assert!(trace.contains("\nread 1 0x1fff000010 8B\n"), "{trace}");
}

#[test]
fn text_and_binary_hold_the_same() {
    let root = recorded("demo.log", LOG);
    record(root.path(), &["--import", "demo.log"], 0);
    record(
        root.path(),
        &["--import", "demo.log", "--binary", "--out", "demo.bin"],
        0,
    );
    let (text, binary) = (
        events(root.path(), "demo.trace"),
        events(root.path(), "demo.bin"),
    );
    assert_eq!(text, binary);
    assert!(text.len() > 4);
}

#[test]
fn a_trace_goes_to_standard_output() {
    let root = recorded("demo.log", LOG);
    let mut command = xtask(root.path());
    command.current_dir(root.path());
    let assert = command
        .args(["record", "--import", "demo.log", "--out", "-"])
        .assert()
        .code(0);
    let trace = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    assert!(trace.contains("# the program begins\n"), "{trace}");
    assert!(!root.path().join("demo.trace").exists());
}

#[test]
fn a_trace_can_be_cut_and_compacted() {
    let root = recorded("demo.log", LOG);
    record(root.path(), &["--import", "demo.log"], 0);
    let whole = events(root.path(), "demo.trace").len();
    record(root.path(), &["--import", "demo.log", "--per-page"], 0);
    assert_eq!(events(root.path(), "demo.trace").len(), whole - 1);
    record(root.path(), &["--import", "demo.log", "--cut", "3"], 0);
    assert_eq!(events(root.path(), "demo.trace").len(), 3);
    record(root.path(), &["--import", "demo.log", "--spread", "1"], 0);
    assert_eq!(events(root.path(), "demo.trace").len(), whole - 3);
}

#[test]
fn a_malformed_log_is_bad_input_and_does_no_harm() {
    let root = recorded("demo.log", &LOG.replace("S 1fff", "Q 1fff"));
    fs::write(root.path().join("demo.trace"), "older").expect("a written file");
    let said = record(root.path(), &["--import", "demo.log"], 65);
    assert!(said.starts_with("error: demo.log:4: expected "), "{said}");
    assert!(said.contains("\nhelp: "), "{said}");
    assert_eq!(read(root.path(), "demo.trace"), "older");
    assert!(!root.path().join("demo.trace.part").exists());
}

#[test]
fn a_missing_log_is_bad_input() {
    let said = record(workspace().path(), &["--import", "none.log.xz"], 65);
    assert!(said.starts_with("error: none.log.xz: "), "{said}");
}

#[test]
fn a_place_that_takes_no_file_is_not_the_logs_fault() {
    let root = recorded("demo.log", LOG);
    let said = record(
        root.path(),
        &["--import", "demo.log", "--out", "none/demo.trace"],
        70,
    );
    assert!(said.starts_with("error: none/demo.trace: "), "{said}");
}

#[test]
fn nothing_to_do_and_too_much_to_do_are_usage_errors() {
    let root = recorded("demo.log", LOG);
    record(root.path(), &[], 2);
    let both = ["--import", "demo.log", "--cut", "3", "--spread", "3"];
    record(root.path(), &both, 2);
    record(root.path(), &["--import", "demo.log", "--", "ls"], 2);
    record(root.path(), &["--per-page", "--", "ls"], 2);
}

/// The first line of each public trace is the command that made it.
#[track_caller]
fn is_made_by_its_first_line(name: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = root.parent().expect("the workspace");
    let shipped = read(&root.join("labs/recorded/traces"), name);
    let (first, rest) = shipped.split_once('\n').expect("a first line");
    let words: Vec<_> = first.split(' ').skip(3).collect();
    let made = TempDir::new().expect("a temporary folder");
    let made = made.path().join(name);
    let out = words.iter().rposition(|&word| word == "--out");
    let mut args: Vec<_> = words[1..out.expect("a place") + 1].to_vec();
    args.push(made.to_str().expect("a path"));
    record(root, &args, 0);
    let made = fs::read_to_string(&made).expect("a trace");
    let (_, again) = made.split_once('\n').expect("a first line");
    assert!(again == rest, "{name} is not what `{first}` makes");
}

#[test]
fn the_public_traces_of_small_programs_are_fresh() {
    is_made_by_its_first_line("demo.trace");
    is_made_by_its_first_line("true.trace");
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "millions of lines take long without optimisation"
)]
fn the_public_traces_of_large_programs_are_fresh() {
    is_made_by_its_first_line("ls.trace");
    is_made_by_its_first_line("sort.trace");
}
