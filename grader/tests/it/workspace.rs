//! The workspace that these tests look at.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::LazyLock;

use course::catalogue::{Catalogue, ExerciseKind, Grades, Lab, Limits, Trace};
use grader::exercise;
use grader::intake::Sources;
use grader::kit::Kit;
use grader::points::Weighed;
use runner::log::{NEEDLESS, Oracle, Record};
use runner::replay::{Format, Replay};

/// The kit, built once for all tests.
pub static KIT: LazyLock<Kit> =
    LazyLock::new(|| Kit::build(&root()).unwrap_or_else(|error| panic!("{error}")));

/// Tight, so that whoever comes to a limit comes to it soon.
pub const TIGHT: Limits = Limits {
    cpu_seconds: 1,
    memory_mib: 128,
    output_kib: 64,
};

/// The workspace's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .expect("the workspace exists")
}

/// All labs with all their traces.
pub fn catalogue() -> Catalogue {
    Catalogue::read(&root()).unwrap_or_else(|error| panic!("{error}"))
}

/// Every trace of every lab.
pub fn traces(catalogue: &Catalogue) -> impl Iterator<Item = (&Lab, &Trace)> {
    catalogue
        .labs
        .iter()
        .flat_map(|lab| lab.traces.iter().map(move |trace| (lab, trace)))
}

/// The results of an exercise.
pub fn graded(kind: ExerciseKind, sources: &Sources) -> Vec<Weighed> {
    let labs = catalogue().labs;
    let of = |lab: &'_ Lab| lab.exercises.iter().find(|it| it.kind == kind).cloned();
    let asked = labs.iter().find_map(|lab| Some((lab, of(lab)?)));
    let (lab, exercise) = asked.expect("a lab asks for the exercise");
    exercise::grade(lab, &exercise, sources)
}

/// The log of the reference, as a key has it: with needless flushes only where they
/// are graded.
pub fn log(trace: &Trace) -> String {
    let log = replay(&trace.path, Format::Log);
    if trace.grades == Grades::Flushes {
        return log;
    }
    let lines = log.lines().map(|line| match Record::parse(line) {
        Some(record) if record.column(Oracle::Cost).contains(NEEDLESS) => {
            format!("{}\n", record.without_flushes())
        }
        _ => format!("{line}\n"),
    });
    lines.collect()
}

/// What the reference makes of a trace.
pub fn replay(trace: &Path, format: Format) -> String {
    let name = trace.display();
    let file = File::open(trace).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut log = Vec::new();
    let replayed = Replay::new(BufReader::new(file), Rc::new(solution::Reference), format)
        .map(|mut replay| replay.run(&mut log));
    match replayed {
        Ok(Ok(runner::end::End::Finished)) => {}
        other => panic!(
            "{name}: {:?}",
            other.map(|run| run.map_err(|why| format!("{why:?}")))
        ),
    }
    String::from_utf8(log).expect("a log is text")
}
