//! `cargo xtask record -- PROGRAM`: most of it needs valgrind, and what is skipped
//! without it says so.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tally::Tally;
use tempfile::TempDir;

use crate::{workspace, xtask};

/// A folder in which a program is recorded.
struct Recorded {
    root: TempDir,
    stdout: String,
    stderr: String,
}

/// Whether the test can run here; says so if it cannot.
fn valgrind_is_missing() -> bool {
    let missing = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err();
    if missing {
        eprintln!("skipped: valgrind is not installed");
    }
    missing
}

/// Records; the exit code must be this.
#[track_caller]
fn record(args: &[&str], input: &str, code: i32) -> Recorded {
    let root = workspace();
    let mut command = xtask(root.path());
    command.current_dir(root.path()).write_stdin(input);
    let output = command.arg("record").args(args).assert().code(code);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (
        text(&output.get_output().stdout),
        text(&output.get_output().stderr),
    );
    Recorded {
        root,
        stdout,
        stderr,
    }
}

impl Recorded {
    #[track_caller]
    fn trace(&self, name: &str) -> String {
        fs::read_to_string(self.root.path().join(name)).expect("a trace")
    }

    #[track_caller]
    fn tally(&self, trace: &str) -> Tally {
        let tally = Tally::beside(&self.root.path().join(trace));
        tally.expect("a readable tally").expect("a tally")
    }

    /// The files that are new in the folder.
    fn files(&self) -> Vec<String> {
        files(self.root.path())
    }
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| name != "xtask")
        .collect();
    names.sort();
    names
}

#[test]
fn a_program_becomes_a_trace_with_the_kernels_counts_beside_it() {
    if valgrind_is_missing() {
        return;
    }
    let recorded = record(&["--", "true"], "", 0);
    assert_eq!(recorded.files(), ["true.trace", "true.trace.kernel.toml"]);
    let trace = recorded.trace("true.trace");
    assert!(
        trace.starts_with("# cargo xtask record -- true\nmachine "),
        "{trace}"
    );
    assert!(trace.contains("\nexit 1\n"), "no end");
    let tally = recorded.tally("true.trace");
    let is_event = |line: &&str| !line.starts_with('#') && !line.starts_with("machine ");
    let events = trace.lines().filter(is_event).count();
    assert_eq!(tally.events, events as u64);
    assert_eq!(tally.command, ["true"]);
    assert_eq!(tally.processes, 1);
    // A program cannot start without a stack and a page of code.
    assert!(tally.started.minor + tally.started.major >= 2);
}

#[test]
fn the_program_keeps_its_input_output_and_exit_status() {
    if valgrind_is_missing() {
        return;
    }
    let script = "read word; echo \"got $word\"; echo trouble >&2; exit 3";
    let recorded = record(&["--", "sh", "-c", script], "a word\n", 0);
    // Once: the runs without valgrind are silent.
    assert_eq!(recorded.stdout, "got a word\n");
    assert_eq!(recorded.stderr.matches("trouble\n").count(), 1);
    assert!(
        recorded.stderr.contains("ended with exit status: 3"),
        "{}",
        recorded.stderr
    );
}

#[test]
fn forks_are_recorded() {
    if valgrind_is_missing() {
        return;
    }
    let recorded = record(&["--", "sh", "-c", "(true); (true)"], "", 0);
    let trace = recorded.trace("sh.trace");
    let ends: Vec<_> = trace
        .lines()
        .filter(|line| line.starts_with("fork") || line.starts_with("exit"))
        .collect();
    assert_eq!(ends, ["fork 1 2", "exit 2", "fork 1 3", "exit 3", "exit 1"]);
    let tally = recorded.tally("sh.trace");
    assert_eq!((tally.processes, tally.children_lost_to_exec), (3, 0));
}

#[test]
fn a_child_that_becomes_another_program_is_recorded_up_to_there() {
    if valgrind_is_missing() {
        return;
    }
    let recorded = record(&["--", "sh", "-c", "env true; exit 0"], "", 0);
    assert_eq!(recorded.tally("sh.trace").children_lost_to_exec, 1);
    assert!(
        recorded
            .stderr
            .contains("left out: 1 children became other programs"),
        "{}",
        recorded.stderr
    );
}

#[test]
fn a_program_that_becomes_another_is_recorded_as_that_one() {
    if valgrind_is_missing() {
        return;
    }
    let script = "exec env WORD=kept sh -c 'echo \"$WORD $0\"; exit 4' given";
    let recorded = record(&["--", "sh", "-c", script], "", 0);
    let tally = recorded.tally("sh.trace");
    if tally.followed.is_none() {
        eprintln!("skipped: ptrace(2) is not allowed");
        return;
    }
    assert_eq!(recorded.stdout, "kept given\n");
    assert!(
        recorded.stderr.contains("by execve(2): that is recorded"),
        "{}",
        recorded.stderr
    );
    assert!(
        recorded.stderr.contains("ended with exit status: 4"),
        "{}",
        recorded.stderr
    );
    assert!(tally.recorded[0].ends_with("/sh"), "{:?}", tally.recorded);
    assert_eq!(tally.recorded[3..], ["given"]);
    assert_eq!(tally.command[1..], ["-c", script]);
}

#[test]
fn without_counts_only_the_trace_is_written() {
    if valgrind_is_missing() {
        return;
    }
    let recorded = record(
        &["--no-counts", "--out", "mine", "--", "env", "true"],
        "",
        0,
    );
    assert_eq!(recorded.files(), ["mine"]);
    // Nobody has looked which program it becomes.
    assert!(
        recorded
            .stderr
            .contains("became another program by execve(2)"),
        "{}",
        recorded.stderr
    );
}

#[test]
fn a_cut_has_no_counts_and_an_older_tally_goes_with_its_trace() {
    if valgrind_is_missing() {
        return;
    }
    let root = workspace();
    for (args, tally_is_there) in [(&[][..], true), (&["--cut", "9"], false)] {
        let mut command = xtask(root.path());
        command.current_dir(root.path());
        let command = command.arg("record").args(args).args(["--", "true"]);
        command.assert().code(0);
        let tally = root.path().join("true.trace.kernel.toml");
        assert_eq!(tally.exists(), tally_is_there);
    }
}

#[test]
fn every_access_is_kept_if_that_is_asked_for() {
    if valgrind_is_missing() {
        return;
    }
    let events = |args: &[&str]| {
        let args = [args, &["--", "true"]].concat();
        record(&args, "", 0).tally("true.trace").events
    };
    // 167,244 accesses in the log of `true` that is in the repository.
    assert!(events(&["--every-access"]) > 10 * events(&[]));
}

#[test]
fn without_valgrind_the_chore_is_skipped_with_a_remedy() {
    let root = workspace();
    let mut command = xtask(root.path());
    command.current_dir(root.path()).env("PATH", "");
    let output = command
        .args(["record", "--", "/bin/true"])
        .assert()
        .code(77);
    assert_eq!(
        String::from_utf8_lossy(&output.get_output().stderr),
        "error: valgrind is not installed; it writes down a program's accesses\n\
         help: apt-get install valgrind\n"
    );
    assert_eq!(files(root.path()), [""; 0]);
}

#[test]
fn a_program_that_does_not_exist_is_bad_input() {
    if valgrind_is_missing() {
        return;
    }
    for name in ["no-such-program", "./no-such-program", "/"] {
        let recorded = record(&["--", name], "", 65);
        let start = format!("error: {name}: no such program\nhelp: ");
        assert!(recorded.stderr.starts_with(&start), "{}", recorded.stderr);
        assert_eq!(recorded.files(), [""; 0]);
    }
}

#[test]
fn a_file_that_is_no_program_is_bad_input() {
    if valgrind_is_missing() {
        return;
    }
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("notes");
    executable(&file, "no program\n");
    let file = file.to_str().expect("a path");
    let recorded = record(&["--", file], "", 65);
    assert!(
        recorded
            .stderr
            .starts_with(&format!("error: {file}: Exec format error")),
        "{}",
        recorded.stderr
    );
}

/// Writes a file that may be executed.
fn executable(path: &Path, text: &str) {
    fs::write(path, text).expect("a written file");
    let mode = PermissionsExt::from_mode(0o755);
    fs::set_permissions(path, mode).expect("a changed mode");
}

#[test]
fn standard_output_is_the_programs() {
    if valgrind_is_missing() {
        return;
    }
    let recorded = record(&["--out", "-", "--", "true"], "", 2);
    assert!(
        recorded.stderr.contains("help: `--out FILE`"),
        "{}",
        recorded.stderr
    );
}

#[test]
fn a_valgrind_that_fails_is_our_fault_and_leaves_nothing() {
    let tools = TempDir::new().expect("a temporary folder");
    executable(
        &tools.path().join("valgrind"),
        "#!/bin/sh\necho cannot >&2; exit 1\n",
    );
    let root = workspace();
    let mut command = xtask(root.path());
    command.current_dir(root.path()).env("PATH", tools.path());
    let output = command
        .args(["record", "--", "/bin/true"])
        .assert()
        .code(70);
    let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(
        said.starts_with("cannot\nerror: valgrind recorded nothing (exit status: 1)\nhelp: "),
        "{said}"
    );
    assert_eq!(files(root.path()), [""; 0]);
}

#[test]
fn an_interrupted_recording_leaves_nothing_behind() {
    if valgrind_is_missing() {
        return;
    }
    let (root, temporary) = (workspace(), workspace());
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["record", "--no-counts", "--"])
        .args(["sh", "-c", "echo ready; while :; do :; done"])
        .current_dir(root.path())
        .env("TMPDIR", temporary.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a process");
    let mut ready = String::new();
    let stdout = child.stdout.take().expect("a pipe");
    BufReader::new(stdout)
        .read_line(&mut ready)
        .expect("a line");
    assert_eq!(ready, "ready\n");
    assert_ne!(files(temporary.path()), [""; 0]);
    let pid = Pid::from_raw(child.id().cast_signed());
    kill(pid, Signal::SIGINT).expect("a living process");
    let mut said = String::new();
    let mut stderr = child.stderr.take().expect("a pipe");
    stderr.read_to_string(&mut said).expect("text");
    let status = child.wait().expect("an end");
    assert_eq!(status.signal(), Some(Signal::SIGINT as i32), "{said}");
    assert_eq!(files(root.path()), [""; 0]);
    assert_eq!(files(temporary.path()), [""; 0]);
}
