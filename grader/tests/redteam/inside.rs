//! The grading process, which the tests start with an environment of their own.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use grader::catalogue::Catalogue;
use grader::class;
use grader::grade::Grader;
use grader::intake;
use grader::kit::Kit;
use grader::report;
use serde::{Deserialize, Serialize};

/// The variable that says where the job is.
pub const JOB: &str = "FAULTLINE_REDTEAM_JOB";

/// What is to be graded.
#[derive(Debug, Serialize, Deserialize)]
pub struct Job {
    pub root: PathBuf,
    pub class: PathBuf,
    pub out: PathBuf,
    pub kit: KitPaths,
}

/// A kit that is built already: in the grading process there may be no cargo.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KitPaths {
    pub rustc: PathBuf,
    pub vmsim: PathBuf,
    pub runner: PathBuf,
    pub solution: PathBuf,
    pub dependencies: PathBuf,
    pub skeleton: PathBuf,
}

#[test]
#[ignore = "is started by the other tests, as a process of its own"]
fn grades_a_class() {
    let job = std::env::var_os(JOB).expect("a job");
    let job: Job = serde_json::from_slice(&fs::read(job).expect("a file")).expect("a job");
    let started = Instant::now();
    let catalogue = Catalogue::read(&job.root).unwrap_or_else(|error| panic!("{error}"));
    let submissions = intake::find(&job.class).unwrap_or_else(|error| panic!("{error}"));
    let grader = Grader::new(job.kit.into(), catalogue);
    let class = class::grade(&grader, &submissions, 2, |done| {
        eprintln!("{:4} s {}: {}", started.elapsed().as_secs(), done.id, done.end);
    });
    println!("{}", report::text::render(&class));
    let mut table = Vec::new();
    report::csv::write(&class, &mut table).expect("a vector takes it");
    fs::write(job.out.join("grades.csv"), table).expect("room");
    let json = serde_json::to_vec_pretty(&class).expect("results can be written");
    fs::write(job.out.join("grades.json"), json).expect("room");
}

impl From<KitPaths> for Kit {
    fn from(paths: KitPaths) -> Self {
        let KitPaths { rustc, vmsim, runner, solution, dependencies, skeleton } = paths;
        Self { rustc, vmsim, runner, solution, dependencies, skeleton }
    }
}

impl From<Kit> for KitPaths {
    fn from(kit: Kit) -> Self {
        let Kit { rustc, vmsim, runner, solution, dependencies, skeleton } = kit;
        Self { rustc, vmsim, runner, solution, dependencies, skeleton }
    }
}
