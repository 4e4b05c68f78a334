//! A class, graded in a process of its own, and all that came of it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, getuid, kill_process_group};
use serde::Deserialize;
use verdict::end::End;

use crate::course::Course;
use crate::inside::{JOB, Job};
use crate::remains;
use crate::toolchain::Toolchain;

/// Time for a class, on the clock: ten times what it takes. What stops the grader for
/// longer has stopped it.
const CLASS_SECONDS: u64 = 900;

/// Submissions graded at a time.
const JOBS: usize = 2;

/// How often the grading process is looked after.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A user that owns nothing else.
const NOBODY: u32 = 65_534;

/// Who grades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The user that runs the tests.
    Ourselves,
    /// A user without any privilege. Only root can have somebody else grade.
    Nobody,
}

impl Who {
    /// Everybody who can grade here.
    pub fn all() -> Vec<Who> {
        let program = std::env::current_exe().expect("a path");
        match (getuid().is_root(), open_to_all(&program)) {
            (true, true) => vec![Who::Ourselves, Who::Nobody],
            (true, false) => {
                let place = program.display();
                eprintln!("not graded as nobody: others may not go to {place}");
                vec![Who::Ourselves]
            }
            (false, _) => vec![Who::Ourselves],
        }
    }
}

/// Whether everybody may go as far as this file.
fn open_to_all(file: &Path) -> bool {
    const ENTER: u32 = 0o001;
    let open = |part: &Path| {
        let about = part.metadata();
        about.is_ok_and(|about| about.permissions().mode() & ENTER != 0)
    };
    file.ancestors().all(open)
}

/// Layers that are left out, to see what they are for.
#[derive(Clone, Debug, Default)]
pub struct Without {
    /// Of the run's sandbox.
    pub run: Vec<&'static str>,
    /// Of the compiler's jail.
    pub compile: Vec<&'static str>,
}

/// What came of grading a class.
pub struct Graded {
    /// What the process printed.
    pub said: String,
    /// The results, as the instructor has them.
    pub results: Vec<Result>,
    /// The most that it took.
    pub peak: Peak,
}

/// The most that a grading process took, as far as it was seen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Peak {
    /// Memory of the process itself, without those that it starts, in KiB.
    pub grader_kib: u64,
    /// Temporary files, in bytes.
    pub temporary_bytes: u64,
}

impl Peak {
    fn look(&mut self, process: &Child, temporary: &Path) {
        let status = fs::read_to_string(format!("/proc/{}/status", process.id()));
        let kib = status.ok().and_then(|status| {
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix("VmHWM:"))?;
            line.split_whitespace().next()?.parse().ok()
        });
        self.grader_kib = self.grader_kib.max(kib.unwrap_or(0));
        self.temporary_bytes = self.temporary_bytes.max(remains::bytes(temporary));
    }
}

/// A submission's result.
#[derive(Clone, Debug, Deserialize)]
pub struct Result {
    pub id: String,
    pub end: End,
    pub score: f64,
    pub max: f64,
    pub message: String,
    pub labs: Vec<Lab>,
    pub traces: Vec<Trace>,
}

/// The points of a lab.
#[derive(Clone, Debug, Deserialize)]
pub struct Lab {
    pub parts: Vec<Part>,
}

/// The points of a part of a lab.
#[derive(Clone, Debug, Deserialize)]
pub struct Part {
    pub name: String,
    pub score: f64,
    pub max: f64,
}

/// The result of a run.
#[derive(Clone, Debug, Deserialize)]
pub struct Trace {
    pub message: String,
}

#[derive(Deserialize)]
struct Class {
    submissions: Vec<Result>,
}

/// Two classes side by side would be measured by each other's clock.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

impl Graded {
    /// The result of the submission that was handed in under this name.
    pub fn of(&self, id: &str) -> Option<&Result> {
        self.results.iter().find(|result| result.id == id)
    }
}

/// Grades what is in the course's folder `class`; the results go into the folder `out`.
pub fn grade(course: &Course, class: &str, out: &str, who: Who, without: &Without) -> Graded {
    grade_at_once(course, class, out, who, without, JOBS)
}

/// The same, with so many submissions at a time.
pub fn grade_at_once(
    course: &Course,
    class: &str,
    out: &str,
    who: Who,
    without: &Without,
    jobs: usize,
) -> Graded {
    let alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let out = course.at(out);
    fs::create_dir_all(&out).expect("a new folder");
    let names = |layers: &[&str]| layers.iter().map(|&name| name.to_owned()).collect();
    let job = Job {
        workspace: workspace(),
        course: course.root(),
        class: course.at(class),
        out: out.clone(),
        jobs,
        run_without: names(&without.run),
        compile_without: names(&without.compile),
    };
    let written = course.at("job.json");
    fs::write(&written, serde_json::to_vec(&job).expect("a job is JSON")).expect("room");
    let said = course.at("said");
    fs::write(&said, "").expect("room");
    if who == Who::Nobody {
        hand_over(course.scratch.path());
    }
    let toolchain = Toolchain::new();
    let mut command = command(course, &said, who, &toolchain);
    let mut child = command
        .env(JOB, &written)
        .spawn()
        .expect("this program starts");
    let ended = wait(&mut child, &course.at("tmp"));
    drop(alone);
    if who == Who::Ourselves {
        toolchain.remember();
    }
    let said = String::from_utf8_lossy(&fs::read(&said).expect("a file")).into_owned();
    let Some(peak) = ended else {
        panic!("the class was not graded in {CLASS_SECONDS} s:\n{said}");
    };
    Graded {
        results: results(&out.join("full/grades.json"), &said),
        said,
        peak,
    }
}

fn workspace() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.canonicalize().expect("the workspace exists")
}

fn command(course: &Course, said: &Path, who: Who, toolchain: &Toolchain) -> Command {
    // Files, not pipes: a process that outlives the run would keep those open.
    let file = || fs::File::options().append(true).open(said).expect("a file");
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args([
            "--exact",
            "inside::grades_a_class",
            "--ignored",
            "--nocapture",
        ])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", course.at("home"))
        .env("TMPDIR", course.at("tmp"))
        .env("SOME_TOKEN", course.variable())
        .current_dir(course.root())
        .process_group(0)
        .stdout(file())
        .stderr(file());
    let (cargo, rustc) = match who {
        Who::Ourselves => (toolchain.cargo(), toolchain.rustc()),
        Who::Nobody => {
            command.uid(NOBODY).gid(NOBODY);
            (toolchain.cargo_again(), toolchain.rustc_for_all())
        }
    };
    command.env("CARGO", cargo).env("RUSTC", rustc);
    command
}

/// Gives everything below a folder to nobody, who is the instructor then.
fn hand_over(folder: &Path) {
    let all = remains::files(folder).into_iter();
    for path in all.chain([folder.to_owned()]) {
        lchown(&path, Some(NOBODY), Some(NOBODY)).expect("root may do this");
    }
}

/// What the process took, if it ended by itself.
fn wait(child: &mut Child, temporary: &Path) -> Option<Peak> {
    let started = Instant::now();
    let mut peak = Peak::default();
    while started.elapsed() < Duration::from_secs(CLASS_SECONDS) {
        peak.look(child, temporary);
        if child.try_wait().expect("a child").is_some() {
            return Some(peak);
        }
        std::thread::sleep(LOOK_EVERY);
    }
    let _gone = kill_process_group(Pid::from_child(child), Signal::KILL);
    let _status = child.wait();
    None
}

fn results(path: &Path, said: &str) -> Vec<Result> {
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}\n{said}", path.display()));
    let class: Class = serde_json::from_slice(&text).expect("results are JSON");
    class.submissions
}
