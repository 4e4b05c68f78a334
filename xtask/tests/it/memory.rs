//! What the grader has in memory for a class, and for one that is ten times as large.
//!
//! `cargo test --release -p xtask --test it memory -- --ignored --nocapture` prints the table
//! of docs/performance/memory.md.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::sys::ptrace;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;
use tempfile::TempDir;

/// How many are in the classes that are compared.
const CLASSES: [usize; 3] = [20, 100, 1000];

/// How much more memory the largest class may take than the one before it, which is ten
/// times as small. It takes a row of a table more for each student; a result is half a
/// megabyte.
const MORE_MAX: f64 = 2.0;

/// Whose work all others have copied: what differs is known to be graded once.
const WORK: [&str; 4] = [
    "perfect-ada",
    "perfect-grace",
    "failed-guesses",
    "skeleton-untouched",
];

/// A sheet of a class of which nobody has handed in anything.
const SHEET: &str = "\
Student,ID,SIS User ID,SIS Login ID,Section,Paging (7)
    Points Possible,,,,,180
\"Nobody, N\",1,n1,nobody,A,
";

/// A class in a folder, and the results beside it.
struct Class {
    root: TempDir,
}

impl Class {
    fn of(count: usize) -> Self {
        let root = TempDir::new().expect("a temporary folder");
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../grader/samples");
        for (number, sample) in (0..count).zip(WORK.iter().cycle()) {
            let folder = root.path().join("class").join(format!("s{number:05}"));
            fs::create_dir_all(&folder).expect("a new folder");
            for file in fs::read_dir(samples.join(sample)).expect("a sample") {
                let file = file.expect("a file").path();
                let name = file.file_name().expect("a name");
                fs::copy(&file, folder.join(name)).expect("a copy");
            }
        }
        fs::write(root.path().join("sheet.csv"), SHEET).expect("a sheet");
        Self { root }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// What is done with a class, in this order; `@` is the folder of the class.
    fn peaks(&self, count: usize) -> Vec<(&'static str, f64)> {
        let count = count.to_string();
        let export = ["cohort", "--out", "@canvas.zip", "--count", &count];
        self.run(&export);
        let chores: [(&str, &[&str]); 9] = [
            ("import (a zip of Canvas)", &["import", "@canvas.zip"]),
            ("grade", &["grade", "@class", "--out", "@out"]),
            ("grade, all is known", &["grade", "@class", "--out", "@out"]),
            (
                "grade --format json",
                &["grade", "@class", "--out", "@out", "--format", "json"],
            ),
            (
                "grade --format junit",
                &["grade", "@class", "--out", "@out", "--format", "junit"],
            ),
            ("merge", &["merge", "@out", "--out", "@merged"]),
            ("export", &["export", "@out", "--out", "@book.jsonl"]),
            ("explain", &["explain", "s00002", "--out", "@out"]),
            (
                "sheet canvas",
                &["sheet", "canvas", "@sheet.csv", "--from", "@out"],
            ),
        ];
        let peak = |(name, args)| (name, self.run(args));
        chores.map(peak).to_vec()
    }

    /// The most memory, in MiB, that a chore had itself.
    fn run(&self, args: &[&str]) -> f64 {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(args.iter().map(|arg| match arg.strip_prefix('@') {
            Some(name) => self.path(name),
            None => PathBuf::from(arg),
        }));
        let out = File::create(self.path("stdout")).expect("a file");
        let errors = File::create(self.path("stderr")).expect("a file");
        command.stdin(Stdio::null()).stdout(out).stderr(errors);
        let (code, peak) = peak(&mut command);
        let said = fs::read_to_string(self.path("stderr")).expect("a file");
        assert_eq!(code, 0, "{args:?}: {said}");
        peak
    }
}

/// The exit code of a command, and the most memory that it had itself, in MiB. Its children,
/// such as compilers, are not in that: so it is asked when it is about to end.
#[expect(
    clippy::zombie_processes,
    reason = "it is waited for as a traced process"
)]
fn peak(command: &mut Command) -> (i32, f64) {
    let child = command.spawn().expect("a process");
    let pid = Pid::from_raw(i32::try_from(child.id()).expect("a process id"));
    ptrace::seize(pid, ptrace::Options::PTRACE_O_TRACEEXIT).expect("a traced process");
    let mut peak = 0.0;
    loop {
        let signal: Option<Signal> = match waitpid(pid, None).expect("a child") {
            WaitStatus::Exited(_, code) => return (code, peak),
            WaitStatus::Stopped(_, signal) => Some(signal),
            WaitStatus::PtraceEvent(..) => {
                peak = high_water_mark(pid).unwrap_or(peak);
                None
            }
            other => panic!("{other:?}"),
        };
        ptrace::cont(pid, signal).expect("a stopped process");
    }
}

fn high_water_mark(pid: Pid) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / 1024.0)
}

#[test]
#[ignore = "grades thousands of submissions, for minutes"]
fn a_class_of_a_thousand_takes_about_as_much_memory_as_one_of_a_hundred() {
    let peaks = CLASSES.map(|count| Class::of(count).peaks(count));
    println!("| peak resident memory, MiB | 20 | 100 | 1,000 | 1,000 : 100 |");
    println!("|---|--:|--:|--:|--:|");
    let [few, hundred, thousand] = peaks;
    let rows = few.into_iter().zip(hundred).zip(thousand);
    let rows: Vec<_> = rows
        .map(|(((name, few), (_, hundred)), (_, thousand))| {
            let more = thousand / hundred;
            println!("| {name} | {few:.0} | {hundred:.0} | {thousand:.0} | {more:.2} |");
            (name, more)
        })
        .collect();
    for (name, more) in rows {
        assert!(more <= MORE_MAX, "{name}: {more:.2} times as much");
    }
}
