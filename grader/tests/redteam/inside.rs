//! The grading process, which the tests start with an environment of their own. It does
//! what `cargo xtask grade` does, with another root, and writes every report.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use course::catalogue::Catalogue;
use course::feedback::Feedback;
use grader::class;
use grader::feedback::ShownClass;
use grader::grade::Grader;
use grader::intake::{self, ids::file_names};
use grader::kit::Kit;
use grader::launch::Confinement;
use grader::report;
use sandbox::tier::{Demand, Layer};
use serde::{Deserialize, Serialize};

/// The variable that says where the job is.
pub const JOB: &str = "FAULTLINE_REDTEAM_JOB";

/// What is to be graded.
#[derive(Debug, Serialize, Deserialize)]
pub struct Job {
    /// The workspace that the kit is built of.
    pub workspace: PathBuf,
    /// The course.
    pub course: PathBuf,
    /// The submissions.
    pub class: PathBuf,
    /// Where the results go.
    pub out: PathBuf,
    /// Submissions graded at a time.
    pub jobs: usize,
    /// Layers of the run's sandbox that are left out.
    pub run_without: Vec<String>,
    /// Layers of the compiler's jail that are left out.
    pub compile_without: Vec<String>,
}

#[test]
#[ignore = "is started by the other tests, as a process of its own"]
fn grades_a_class() {
    let job = std::env::var_os(JOB).expect("a job");
    let job: Job = serde_json::from_slice(&fs::read(job).expect("a file")).expect("a job");
    let started = Instant::now();
    sandbox::user::hide_memory().expect("memory can be hidden");
    let catalogue = Catalogue::read(&job.course).unwrap_or_else(|error| panic!("{error}"));
    let submissions = intake::find(&job.class).unwrap_or_else(|error| panic!("{error}"));
    let grader = Grader::new(kit(&job), catalogue).confined_to(Confinement {
        demand: Demand::Required,
        without: layers(&job.run_without),
    });
    let class = class::grade(&grader, &submissions, job.jobs, |done| {
        let id = report::sink::terminal::line(&done.id);
        eprintln!("{:4} s {id}: {}", started.elapsed().as_secs(), done.end);
    });
    drop(grader);
    for level in Feedback::ASKED {
        let out = job.out.join(level.name());
        write(&ShownClass::new(&class, level), &out).expect("room");
    }
}

fn kit(job: &Job) -> Kit {
    let mut kit = Kit::build(&job.workspace).unwrap_or_else(|error| panic!("{error}"));
    kit.compiler.without = layers(&job.compile_without);
    kit
}

fn layers(names: &[String]) -> Vec<Layer> {
    let layer = |name: &String| Layer::named(name).expect("a layer");
    names.iter().map(layer).collect()
}

fn write(class: &ShownClass, out: &Path) -> io::Result<()> {
    fs::create_dir_all(out.join("submissions"))?;
    let text = |name: &str, text: String| fs::write(out.join(name), text);
    text("report.txt", report::text::render(class))?;
    text("grades.json", report::json::class_file(class)?)?;
    text("log.txt", report::github::log(class)?)?;
    let room = report::github::SUMMARY_BYTES_MAX;
    text("summary.md", report::github::summary(class, room)?)?;
    report::junit::write(class, fs::File::create(out.join("junit.xml"))?)?;
    let table = fs::File::create(out.join("grades.csv"))?;
    report::csv::write(class, table).map_err(io::Error::other)?;
    let names = file_names(class.submissions().map(|it| it.submission().id.as_str()));
    for (submission, name) in class.submissions().zip(names) {
        let own = report::json::submission_file(&submission)?;
        text(&format!("submissions/{name}.json"), own)?;
    }
    Ok(())
}
