//! An exam as files: the same layout as `grader/hidden`.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use course::catalogue::Grades;

use crate::candidate::{Candidate, key};
use crate::make::LabTraces;
use crate::syllabus::Syllabus;
use crate::words::{categories, summary, teaches};

/// What insta writes above a key that the test of the keys makes.
const KEY_HEADER: &str = "---\nsource: grader/tests/it/keys.rs\n---\n";

/// The registry of a lab's hidden traces.
const REGISTRY: &str = "hidden.toml";

/// A file of the exam.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExamFile {
    /// Where, below the exam's folder.
    pub path: PathBuf,
    /// What is in it.
    pub text: String,
}

/// The files of a lab: its registry, its traces and their keys. What else this year's
/// registry says is kept.
pub fn files(syllabus: &Syllabus, traces: &LabTraces, seed: u64, rest: &str) -> Vec<ExamFile> {
    let folder = Path::new(&syllabus.folder);
    let categories = categories(&traces.traces);
    let mut registry = format!(
        "# Hidden traces of lab {}, made by `cargo xtask new-exam --seed {seed}`.\n\
         # `category` is all that a student is told of one.\n",
        syllabus.lab
    );
    registry.push_str(rest);
    let mut files = Vec::new();
    for (index, (candidate, category)) in traces.traces.iter().zip(categories).enumerate() {
        let name = format!("{}-{:02}", syllabus.topic(), index + 1);
        let holes = graded(syllabus, candidate);
        let heading = format!("{name}: {}", summary(candidate));
        registry.push_str(&entry(&name, &holes, candidate, category));
        let text = candidate.script.text(&heading, &candidate.classes);
        let key = snapshot(&text, candidate.grades);
        files.push(ExamFile {
            path: folder.join(format!("{name}.trace")),
            text,
        });
        files.push(ExamFile {
            path: folder.join("keys").join(format!("{name}.snap")),
            text: key,
        });
    }
    files.push(ExamFile {
        path: folder.join(REGISTRY),
        text: registry,
    });
    files
}

/// The holes that a trace is graded for.
fn graded(syllabus: &Syllabus, candidate: &Candidate) -> Vec<&'static str> {
    let holes = syllabus.holes.iter();
    let holes = holes.filter(|&&hole| candidate.matters.contains(hole));
    holes.map(|hole| hole.name()).collect()
}

fn entry(name: &str, holes: &[&str], candidate: &Candidate, category: &str) -> String {
    let teaches = teaches(holes, candidate);
    let grades = match candidate.grades {
        Grades::Outcome => "",
        Grades::Flushes => "grades = \"flushes\"\n",
    };
    let holes: Vec<String> = holes.iter().map(|hole| format!("\"{hole}\"")).collect();
    format!(
        "\n[[trace]]\nname = \"{name}\"\nholes = [{}]\nteaches = \"{teaches}\"\n\
         {grades}feedback = \"category\"\ncategory = \"{category}\"\n",
        holes.join(", ")
    )
}

/// The reference's log of a trace, as insta writes it.
fn snapshot(trace: &str, grades: Grades) -> String {
    let mut snapshot = KEY_HEADER.to_owned();
    for record in key(trace, grades) {
        let _infallible = writeln!(snapshot, "{record}");
    }
    snapshot
}

/// What a registry says besides its traces, as text.
///
/// # Errors
///
/// If it is no registry.
pub fn rest_of_registry(hidden: &Path, folder: &str) -> Result<String, String> {
    let path = hidden.join(folder).join(REGISTRY);
    let Ok(text) = fs::read_to_string(&path) else {
        return Ok(String::new());
    };
    let table: Result<toml::Table, _> = text.parse();
    let mut table = table.map_err(|error| format!("{}: {error}", path.display()))?;
    table.remove("trace");
    match table.is_empty() {
        true => Ok(String::new()),
        false => Ok(format!("\n{table}")),
    }
}

/// Copies what is not made anew: all files of this year's exam but the registries,
/// traces and keys of these labs.
///
/// # Errors
///
/// If a file cannot be copied.
pub fn carry_over(hidden: &Path, into: &Path, made: &[PathBuf]) -> io::Result<()> {
    copy_but(hidden, Path::new(""), into, made)
}

fn copy_but(from: &Path, below: &Path, into: &Path, made: &[PathBuf]) -> io::Result<()> {
    for entry in fs::read_dir(from.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_but(from, &path, into, made)?;
        } else if !made.contains(&path) {
            let to = into.join(&path);
            fs::create_dir_all(to.parent().expect("it is in a folder"))?;
            fs::copy(from.join(&path), to)?;
        }
    }
    Ok(())
}
