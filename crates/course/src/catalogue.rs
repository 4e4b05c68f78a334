//! Labs, holes, points and traces.
//!
//! `labs/NN-name/lab.toml` is the only registry of a lab; the hidden traces stand
//! in `grader/hidden/NN-name/hidden.toml`, which no student gets.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use vmsim::handlers::Hole;

use crate::feedback::Feedback;

/// All labs that have a `lab.toml`, in order.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// The labs.
    pub labs: Vec<Lab>,
}

/// A lab.
#[derive(Clone, Debug)]
pub struct Lab {
    /// Its number, from 1.
    pub number: u8,
    /// Its title.
    pub title: String,
    /// Its folder, with `lab.toml` and the handout.
    pub folder: PathBuf,
    /// The folder of what students do not get.
    pub hidden: PathBuf,
    /// What it says that it gives in all; the audit holds it to the sum of its parts.
    pub points: f64,
    /// The student's file; none in a lab without code.
    pub file: Option<String>,
    /// What a run may use.
    pub limits: Limits,
    /// What the student writes.
    pub holes: Vec<HolePoints>,
    /// What else is handed in.
    pub exercises: Vec<Exercise>,
    /// Points for all of the student's methods together.
    pub integration_points: f64,
    /// Which methods these are: those of this lab and of the labs before it. The
    /// reference stands in for later labs, which a student has not written yet, and
    /// for labs without a registry, which nobody was asked to write.
    pub integration_holes: Vec<Hole>,
    /// Public traces, then hidden ones.
    pub traces: Vec<Trace>,
    /// Hidden traces on which replacement policies are compared, for no points.
    pub leaderboard: Vec<Contest>,
}

/// A trace on which replacement policies are compared.
#[derive(Clone, Debug)]
pub struct Contest {
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// What it is like, in a few words.
    pub about: String,
}

/// A hole and what it is worth.
#[derive(Clone, Debug)]
pub struct HolePoints {
    /// The hole.
    pub hole: Hole,
    /// Its points.
    pub points: f64,
    /// The concept behind it, for reports.
    pub concept: String,
    /// Hints, from gentle to plain.
    pub hints: Vec<String>,
}

/// Something that is handed in and is no handler.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// Which one.
    #[serde(rename = "name")]
    pub kind: ExerciseKind,
    /// Its points.
    pub points: f64,
    /// The concept behind it, for reports.
    pub concept: String,
    /// Hints, from gentle to plain.
    pub hints: Vec<String>,
}

/// The exercises that the grader knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExerciseKind {
    /// Predict what becomes of each access of a trace: `predict.toml`.
    Predict,
    /// Construct a trace with Belady's anomaly: `belady.trace`.
    Belady,
    /// Write traces that expose wrong kernels: all other traces.
    BreakIt,
}

impl ExerciseKind {
    /// Its name in `lab.toml` and in reports.
    pub fn name(self) -> &'static str {
        match self {
            ExerciseKind::Predict => "predict",
            ExerciseKind::Belady => "belady",
            ExerciseKind::BreakIt => "break-it",
        }
    }
}

/// A trace that is graded.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Its name, unique in its lab.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// Its answer key.
    pub key: PathBuf,
    /// Who may see it.
    pub visibility: Visibility,
    /// The holes that it exercises.
    pub holes: Vec<Hole>,
    /// How much it counts among the traces of its holes.
    pub weight: f64,
    /// What it is for.
    pub teaches: String,
    /// What a student may be told of it.
    pub category: String,
    /// How much a student may be told of it.
    pub feedback: Feedback,
    /// What else is graded than what every trace is graded for.
    pub grades: Grades,
}

/// What a trace is graded for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grades {
    /// What comes of each event.
    #[default]
    Outcome,
    /// The same, and for each hole by itself that no CPU is flushed needlessly.
    Flushes,
}

/// Who may see a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// Everybody: it is in the handout.
    Public,
    /// The instructor alone.
    Hidden,
}

/// What a run may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// CPU time, in seconds.
    pub cpu_seconds: u64,
    /// Address space, in MiB.
    pub memory_mib: u64,
    /// What it may print, in KiB.
    pub output_kib: u64,
}

/// Why there is no catalogue.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A file cannot be read.
    #[error("{}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A file says something that it must not.
    #[error("{}: {message}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the remedy.
        message: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabFile {
    number: u8,
    title: String,
    points: f64,
    #[expect(dead_code, reason = "for readers of the file")]
    summary: String,
    file: Option<String>,
    /// A lab without code runs nothing.
    #[serde(default)]
    limits: Limits,
    integration: Option<Integration>,
    #[serde(default)]
    exercise: Vec<Exercise>,
    #[serde(default)]
    hole: Vec<HoleEntry>,
    #[serde(default)]
    trace: Vec<TraceEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HiddenFile {
    #[serde(default)]
    trace: Vec<TraceEntry>,
    #[serde(default)]
    leaderboard: Vec<ContestEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContestEntry {
    name: String,
    about: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Integration {
    points: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoleEntry {
    name: String,
    points: f64,
    concept: String,
    hints: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TraceEntry {
    name: String,
    holes: Vec<String>,
    #[serde(default = "one")]
    weight: f64,
    teaches: Option<String>,
    category: Option<String>,
    #[serde(default)]
    grades: Grades,
    /// Everything of a public trace and the category of a hidden one, unless said.
    feedback: Option<Feedback>,
}

fn one() -> f64 {
    1.0
}

impl Catalogue {
    /// Reads the labs of a workspace.
    ///
    /// # Errors
    ///
    /// If a registry cannot be read or says something that it must not.
    pub fn read(root: &Path) -> Result<Self, CatalogueError> {
        Self::read_with(root, &root.join("grader/hidden"))
    }

    /// Reads the labs of a workspace, with hidden traces that are somewhere else.
    ///
    /// # Errors
    ///
    /// If a registry cannot be read or says something that it must not.
    pub fn read_with(root: &Path, hidden: &Path) -> Result<Self, CatalogueError> {
        let mut labs = Vec::new();
        for folder in folders(&root.join("labs"))? {
            let registry = folder.join("lab.toml");
            if registry.is_file() {
                labs.push(read_lab(hidden, &folder, &registry)?);
            }
        }
        labs.sort_by_key(|lab| lab.number);
        integrate(&mut labs);
        Ok(Self { labs })
    }

    /// The most that a submission can get.
    pub fn max(&self) -> f64 {
        self.labs.iter().map(Lab::max).sum()
    }
}

impl Lab {
    /// The most that a submission can get in this lab.
    pub fn max(&self) -> f64 {
        let holes: f64 = self.holes.iter().map(|hole| hole.points).sum();
        let exercises: f64 = self.exercises.iter().map(|exercise| exercise.points).sum();
        holes + exercises + self.integration_points
    }
}

/// Each lab is built on the labs before it.
fn integrate(labs: &mut [Lab]) {
    let mut so_far = Vec::new();
    for lab in labs {
        so_far.extend(lab.holes.iter().map(|points| points.hole));
        lab.integration_holes.clone_from(&so_far);
    }
}

fn folders(parent: &Path) -> Result<Vec<PathBuf>, CatalogueError> {
    let read = |error| CatalogueError::Read {
        path: parent.to_owned(),
        error,
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(parent).map_err(read)? {
        let path = entry.map_err(read)?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn read_lab(hidden: &Path, folder: &Path, registry: &Path) -> Result<Lab, CatalogueError> {
    let lab: LabFile = parse(registry)?;
    let name = folder.file_name().unwrap_or_default();
    let hidden_folder = hidden.join(name);
    let hidden_registry = hidden_folder.join("hidden.toml");
    let (mut traces, mut leaderboard) = (Vec::new(), Vec::new());
    for entry in lab.trace {
        traces.push(trace(registry, folder, Visibility::Public, entry)?);
    }
    if hidden_registry.is_file() {
        let hidden: HiddenFile = parse(&hidden_registry)?;
        for entry in hidden.trace {
            traces.push(trace(
                &hidden_registry,
                &hidden_folder,
                Visibility::Hidden,
                entry,
            )?);
        }
        let contests = hidden.leaderboard.into_iter();
        leaderboard.extend(contests.map(|entry| contest(&hidden_folder, entry)));
    }
    let holes = lab
        .hole
        .into_iter()
        .map(|entry| hole_points(registry, entry));
    Ok(Lab {
        number: lab.number,
        title: lab.title,
        folder: folder.to_owned(),
        hidden: hidden_folder,
        points: lab.points,
        file: lab.file,
        limits: lab.limits,
        holes: holes.collect::<Result<_, _>>()?,
        exercises: lab.exercise,
        integration_points: lab.integration.map_or(0.0, |all| all.points),
        integration_holes: Vec::new(),
        traces,
        leaderboard,
    })
}

fn parse<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, CatalogueError> {
    let text = fs::read_to_string(path).map_err(|error| CatalogueError::Read {
        path: path.to_owned(),
        error,
    })?;
    toml::from_str(&text).map_err(|error| malformed(path, error.to_string()))
}

fn hole_points(path: &Path, entry: HoleEntry) -> Result<HolePoints, CatalogueError> {
    let HoleEntry {
        name,
        points,
        concept,
        hints,
    } = entry;
    Ok(HolePoints {
        hole: hole(path, &name)?,
        points,
        concept,
        hints,
    })
}

fn contest(folder: &Path, ContestEntry { name, about }: ContestEntry) -> Contest {
    let path = folder.join("leaderboard").join(format!("{name}.trace"));
    Contest { name, path, about }
}

fn trace(
    registry: &Path,
    folder: &Path,
    visibility: Visibility,
    entry: TraceEntry,
) -> Result<Trace, CatalogueError> {
    let traces = match visibility {
        Visibility::Public => folder.join("traces"),
        Visibility::Hidden => folder.to_owned(),
    };
    let feedback = entry.feedback.unwrap_or(match visibility {
        Visibility::Public => Feedback::Full,
        Visibility::Hidden => Feedback::Category,
    });
    let holes = entry.holes.iter().map(|name| hole(registry, name));
    Ok(Trace {
        path: traces.join(format!("{}.trace", entry.name)),
        key: folder.join("keys").join(format!("{}.snap", entry.name)),
        visibility,
        holes: holes.collect::<Result<_, _>>()?,
        weight: entry.weight,
        teaches: entry.teaches.unwrap_or_default(),
        category: entry.category.unwrap_or_default(),
        feedback,
        grades: entry.grades,
        name: entry.name,
    })
}

fn hole(path: &Path, name: &str) -> Result<Hole, CatalogueError> {
    Hole::named(name).ok_or_else(|| {
        let known: Vec<&str> = Hole::ALL.iter().map(|hole| hole.name()).collect();
        malformed(
            path,
            format!(
                "no hole is called `{name}`\nhelp: one of {}",
                known.join(", ")
            ),
        )
    })
}

fn malformed(path: &Path, message: String) -> CatalogueError {
    CatalogueError::Malformed {
        path: path.to_owned(),
        message,
    }
}
