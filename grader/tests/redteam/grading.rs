//! A class, graded in a process of its own, and all that came of it.

use std::fs;
use std::path::Path;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

use grader::end::End;
use grader::kit::Kit;
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;
use wait_timeout::ChildExt;

use crate::course::Course;
use crate::inside::{JOB, Job, KitPaths};

/// Time for a class, on the clock. What an attack can stop for longer, it has stopped.
const CLASS_SECONDS: u64 = 300;

/// What came of grading a class.
pub struct Graded {
    /// What the process printed.
    pub said: String,
    /// The results, as the instructor has them.
    pub results: Vec<Result>,
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

static KIT: LazyLock<KitPaths> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let root = root.canonicalize().expect("the workspace exists");
    Kit::build(&root).unwrap_or_else(|error| panic!("{error}")).into()
});

/// Grades what is in the course's folder `class`; the results go into its folder `out`.
pub fn grade(course: &Course, class: &str, out: &str) -> Graded {
    let out = course.at(out);
    fs::create_dir_all(&out).expect("a new folder");
    let job = Job {
        root: course.root(),
        class: course.at(class),
        out: out.clone(),
        kit: KIT.clone(),
    };
    let written = course.at("job.json");
    fs::write(&written, serde_json::to_vec(&job).expect("a job is JSON")).expect("room");
    let said = course.at("said");
    let file = || fs::File::options().create(true).append(true).open(&said);
    // Files, not pipes: a process that outlives the run would keep those open.
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "inside::grades_a_class", "--ignored", "--nocapture"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", course.at("home"))
        .env("TMPDIR", course.at("tmp"))
        .env("SOME_TOKEN", course.variable())
        .env(JOB, &written)
        .current_dir(course.root())
        .process_group(0)
        .stdout(file().expect("a new file"))
        .stderr(file().expect("a new file"))
        .spawn()
        .expect("this program starts");
    let ended = child.wait_timeout(Duration::from_secs(CLASS_SECONDS));
    let said = String::from_utf8_lossy(&fs::read(&said).expect("a file")).into_owned();
    if ended.expect("a child").is_none() {
        let group = Pid::from_child(&child);
        let _gone = kill_process_group(group, Signal::KILL);
        let _status = child.wait();
        panic!("the class was not graded in {CLASS_SECONDS} s:\n{said}");
    }
    Graded {
        results: results(&out.join("grades.json"), &said),
        said,
    }
}

fn results(path: &Path, said: &str) -> Vec<Result> {
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}\n{said}", path.display()));
    let class: Class = serde_json::from_slice(&text).expect("results are JSON");
    class.submissions
}
