//! The replay's totals beside what the kernel counted.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use tempfile::TempDir;

/// Four faults: one before the program's first access, one in a library of
/// valgrind's, one in a file, one in memory without a file.
const TRACE: &str = "\
machine fault-around=16
mmap 1 0x70000 4K rw private anon growsdown
copyout 1 0x70800 8B
file libc.so.6 64K warm
mmap 1 0x100000 64K r private libc.so.6
file vgpreload_core.so 8K warm
mmap 1 0x200000 8K r private vgpreload_core.so
read 1 0x100000
read 1 0x104000
read 1 0x200000
read 1 0x70800
mmap 1 0x300000 4K rw private anon
write 1 0x300000
";

/// As `cargo xtask record` writes it.
const TALLY: &str = r#"
version = 1
command = ["demo", "-x"]
recorded = ["/bin/demo", "-x"]
events = 12
processes = 2
children_lost_to_exec = 3
kernel = "Linux 6.18"
huge_pages = "always"
started = { minor = 5, major = 0 }
cold = { minor = 4, major = 2 }
followed = { exec = { minor = 2, major = 0 }, program = { minor = 4, major = 0 } }
"#;

/// A folder with a trace and the tally beside it.
struct Recorded(TempDir);

fn recorded(tally: &str) -> Recorded {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("demo.trace"), TRACE).unwrap();
    fs::write(folder.path().join("demo.trace.kernel.toml"), tally).unwrap();
    Recorded(folder)
}

impl Recorded {
    fn trace(&self) -> PathBuf {
        self.0.path().join("demo.trace")
    }

    /// What `cargo lab run` prints with these options; the exit code must be this.
    #[track_caller]
    fn run(&self, options: &[&str], code: i32) -> (String, String) {
        let mut lab = Command::cargo_bin("lab").unwrap();
        lab.args(["run", "--with", "solution"]).args(options);
        let run = lab.arg(self.trace()).assert().code(code);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let output = run.get_output();
        (text(&output.stdout), text(&output.stderr))
    }

    /// The part of the output behind the observations.
    #[track_caller]
    fn comparison(&self) -> String {
        let (out, _) = self.run(&["--format", "summary"], 0);
        let start = out.find("\n`demo -x`, replayed").expect("a comparison");
        out[start + 1..].to_owned()
    }

    /// The same without the tally.
    fn without_tally(self) -> Self {
        fs::remove_file(self.0.path().join("demo.trace.kernel.toml")).unwrap();
        self
    }
}

/// The reason that begins so, its lines joined.
#[track_caller]
fn reason(comparison: &str, begins: &str) -> String {
    let joined = comparison.replace("\n  ", " ");
    let mut lines = joined.lines().filter_map(|line| line.strip_prefix("- "));
    let found = lines.find(|line| line.starts_with(begins));
    found
        .unwrap_or_else(|| panic!("no `{begins}` in: {comparison}"))
        .to_owned()
}

#[test]
fn the_totals_stand_beside_the_kernels() {
    let comparison = recorded(TALLY).comparison();
    let (table, rest) = comparison.split_once("\n\nFor the program").unwrap();
    let words: Vec<String> = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        words,
        [
            "`demo -x`, replayed and on Linux 6.18",
            "",
            "faults minor major",
            "predicted by the replay 4 0",
            "of these in valgrind's own library 1 0",
            "left for the program 3 0",
            "counted by Linux (wait4), started with vfork 5 0",
            "counted by Linux in another run, from execve on 6 0",
            "of these by execve itself 2 0",
            "counted by Linux in the first run 4 2",
        ]
    );
    assert!(
        rest.starts_with(": 3 in the replay, 5 and 6 in two runs on Linux; 2 to 3 more on Linux."),
        "{rest}"
    );
}

#[test]
fn each_reason_that_applies_has_its_number() {
    let comparison = recorded(TALLY).comparison();
    for (reason_begins, number) in [
        (
            "libraries",
            "1 fault of the replay, most of them in libc.so.6 1.",
        ),
        ("fault-around", "2 faults of the replay"),
        ("the tool's own pages", ": 1 fault."),
        ("execve", "2 faults on Linux; 1 in the replay"),
        ("the start", "14 to 23 larger"),
        ("children: ", "1 with a log"),
        ("children that became", ": 3."),
        ("huge pages", "512 pages"),
        ("major", "In the first run 2 faults had to read the disk"),
    ] {
        let words = reason(&comparison, reason_begins);
        assert!(words.contains(number), "no `{number}` in: {words}");
    }
}

#[test]
fn the_start_has_a_number_if_the_run_with_it_counts_more() {
    let more = TALLY.replace("started = { minor = 5", "started = { minor = 8");
    let words = reason(&recorded(&more).comparison(), "the start");
    assert!(words.contains("(here 2 faults,"), "{words}");
    let words = reason(&recorded(TALLY).comparison(), "the start");
    assert!(!words.contains("here"), "{words}");
}

#[test]
fn reasons_that_do_not_apply_are_not_given() {
    let tally = TALLY
        .replace("processes = 2", "processes = 1")
        .replace("exec = 3", "exec = 0")
        .replace("always", "madvise");
    let comparison = recorded(&tally).comparison();
    for absent in ["- children", "- huge pages"] {
        assert!(!comparison.contains(absent), "{comparison}");
    }
}

#[test]
fn a_run_that_could_not_be_followed_is_compared_as_a_whole() {
    let start = TALLY.find("followed").unwrap();
    let comparison = recorded(&TALLY[..start]).comparison();
    assert!(
        comparison.contains(": 3 in the replay, 5 on Linux; 2 more on Linux."),
        "{comparison}"
    );
    assert!(!comparison.contains("in another run"), "{comparison}");
}

#[test]
fn the_text_of_a_trace_is_followed_by_the_comparison() {
    let (out, _) = recorded(TALLY).run(&[], 0);
    assert!(out.contains("minor map-resident"), "{out}");
    assert!(out.contains("\npredicted by the replay"), "{out}");
}

#[test]
fn what_other_programs_read_stays_as_it_is() {
    for options in [
        &["--format", "json"][..],
        &["--format", "log"],
        &["--steps"],
    ] {
        let (with, _) = recorded(TALLY).run(options, 0);
        let (without, _) = recorded(TALLY).without_tally().run(options, 0);
        assert_eq!(with, without, "{options:?}");
        assert!(!with.is_empty());
    }
}

#[test]
fn the_counts_of_another_trace_are_not_compared() {
    let (out, _) = recorded(&TALLY.replace("events = 12", "events = 11")).run(&[], 0);
    assert!(
        out.contains("not compared: the kernel's counts beside this trace belong to one with 11 events, and it has 12"),
        "{out}"
    );
}

#[test]
fn a_malformed_tally_is_bad_input() {
    let (out, error) = recorded("version = one\n").run(&[], 65);
    assert_eq!(out, "");
    assert!(error.contains("demo.trace.kernel.toml: "), "{error}");
    assert!(error.contains("\nhelp: "), "{error}");
}
