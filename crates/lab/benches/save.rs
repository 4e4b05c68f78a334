//! From save to verdict: `cargo bench --profile dev -p lab --bench save`, for all labs or for
//! those whose numbers stand behind `--`.
//!
//! For each lab with code, in a workspace below `target/` and with the student's commands:
//! the compiler alone, as `cargo lab` calls it for the student's crate; from a save to the
//! verdict of `cargo lab watch`; and a fresh `cargo lab check`, cargo's own time included.
//! Each round saves a file and measures all of them one after the other, so that they see
//! the same machine. What is told is the fastest round and the median, in milliseconds,
//! and what a verdict takes more than the compiler of its round.

#[path = "../tests/it/student.rs"]
#[expect(
    dead_code,
    reason = "a measurement needs less of a student than tests do"
)]
mod student;

use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use student::Student;

/// Rounds for each lab; the median of so many is told.
const ROUNDS: usize = 7;

/// The end of a check in `watch`.
const WAITING: &str = "waiting for a save";

fn main() {
    let student = Student::perfect();
    let sources = student.sources();
    let root = sources.ancestors().nth(3).expect("a workspace").to_owned();
    let mut cargo_lab = cargo(&root);
    let built = cargo_lab
        .args(["build", "--quiet", "--package", "lab"])
        .status();
    assert!(
        built.is_ok_and(|status| status.success()),
        "cargo lab can be built"
    );
    println!("milliseconds, {ROUNDS} rounds: fastest, median\n");
    println!("lab   compiler       watch, from save    more   cargo lab check     more");
    let asked: Vec<u8> = std::env::args()
        .filter_map(|word| word.parse().ok())
        .collect();
    for lab in (1..=8).filter(|lab| asked.is_empty() || asked.contains(lab)) {
        let file = sources.join(format!("lab{lab}.rs"));
        measure(&root, lab, &file);
    }
}

/// What a round takes.
struct Round {
    compiler: Duration,
    watch: Duration,
    compiler_again: Duration,
    check: Duration,
}

fn measure(root: &Path, lab: u8, file: &Path) {
    let text = fs::read_to_string(file).expect("a handler file");
    let save = |what: &str| fs::write(file, format!("{text}\n// {lab} {what}\n")).expect("a save");
    save("first");
    // Cargo compiles, and tells how.
    check(root, lab);
    let rounds = (0..ROUNDS).map(|round| {
        let mut watch = Watch::start(root, lab);
        let start = Instant::now();
        save(&format!("{round} watched"));
        watch.until(&format!("lab {lab}, "));
        let watched = start.elapsed();
        watch.until(WAITING);
        drop(watch);
        let compiler = compiler(root);
        save(&format!("{round} checked"));
        let start = Instant::now();
        check(root, lab);
        let checked = start.elapsed();
        let compiler_again = self::compiler(root);
        Round {
            compiler,
            watch: watched,
            compiler_again,
            check: checked,
        }
    });
    let rounds: Vec<Round> = rounds.collect();
    fs::write(file, text).expect("a save");
    let of = |what: fn(&Round) -> Duration| told(rounds.iter().map(what).collect());
    println!(
        "{lab:>3}   {}   {}   {}   {}   {}",
        of(|it| it.compiler.min(it.compiler_again)),
        of(|it| it.watch),
        of(|it| it.watch.saturating_sub(it.compiler)),
        of(|it| it.check),
        of(|it| it.check.saturating_sub(it.compiler_again)),
    );
}

/// The fastest, and the median.
fn told(mut times: Vec<Duration>) -> String {
    times.sort();
    let (fastest, median) = (times[0].as_millis(), times[times.len() / 2].as_millis());
    format!("{fastest:>5} {median:>5}")
}

fn cargo(root: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root);
    command.env("CARGO_TARGET_DIR", root.join("target"));
    command
}

/// `cargo lab check`, as a student types it.
fn check(root: &Path, lab: u8) {
    let mut check = cargo(root);
    check.args(["lab", "check", &lab.to_string()]);
    let output = check.output().expect("cargo starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains(&format!("lab {lab}, ")), "a verdict: {said}");
}

/// The compiler alone, with the command that `cargo lab` has written down.
fn compiler(root: &Path) -> Duration {
    let recipes = fs::read_dir(root.join("target/lab")).expect("a folder");
    let recipes = recipes.map(|entry| entry.expect("an entry").path().join("recipe.json"));
    let recipe = recipes
        .into_iter()
        .find(|path| path.is_file())
        .expect("a recipe");
    let recipe = fs::read_to_string(recipe).expect("a recipe");
    let recipe: serde_json::Value = serde_json::from_str(&recipe).expect("a recipe");
    let words = recipe["command"].as_array().expect("a command").iter();
    let words: Vec<&str> = words.map(|word| word.as_str().expect("a word")).collect();
    let out = root.join("target/alone");
    fs::create_dir_all(&out).expect("a folder");
    let mut command = Command::new(words[0]);
    let mut words = words[1..].iter();
    while let Some(word) = words.next() {
        match *word {
            "--out-dir" => drop(words.next()),
            word => drop(command.arg(word)),
        }
    }
    command.arg("--out-dir").arg(&out).current_dir(root);
    let start = Instant::now();
    let output = command.output().expect("the compiler starts");
    let took = start.elapsed();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    took
}

struct Watch {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watch {
    /// Starts watching, and waits for the first check to end.
    fn start(root: &Path, lab: u8) -> Self {
        let mut command = cargo(root);
        command.args(["lab", "watch", &lab.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("cargo lab starts");
        let lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        let mut watch = Self { process, lines };
        watch.until(WAITING);
        watch
    }

    fn until(&mut self, what: &str) {
        let mut lines = self.lines.by_ref().map_while(Result::ok);
        assert!(lines.any(|line| line.contains(what)), "`{what}` is said");
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}
