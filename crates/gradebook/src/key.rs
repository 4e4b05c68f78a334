//! What a result depends on.
//!
//! Two gradings with the same [`Conditions`] and the same sources come to the same result,
//! so that one of them need not be made. Everything is read from the workspace, by content
//! and by its name in there: two machines with the same checkout have the same conditions,
//! wherever it lies.
//!
//! Three things, because each has its own answer to "why did this student move?": other
//! traces, another compiler, or another opinion of what is right.

mod hashed;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use course::catalogue::{Catalogue, ExerciseKind, Lab};
use grader::kit::{self, KitError};
use grader::launch::Confinement;

use self::hashed::Hashed;

/// All that a result depends on besides the sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditions {
    /// What is asked.
    pub key_set: KeySet,
    /// What compiles.
    pub toolchain: Toolchain,
    /// What decides.
    pub policy: Policy,
    /// The most that a submission can get; it follows from the others.
    pub max: f64,
}

/// What is asked: the SHA-256 of names and contents of all traces and answer keys of the
/// labs that are graded, public and hidden ones, of the registries of the hidden ones, and
/// of what else the graders of exercises know. A lab whose students hand in traces knows
/// the public traces of all labs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeySet(pub(crate) String);

/// What compiles: the compiler, in its own words (`rustc -vV`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Toolchain(pub(crate) String);

/// What decides: the SHA-256 of
///
/// - which labs are graded, and their registries: points, weights, limits, hints;
/// - which methods run together in each, which follows from the labs before it;
/// - what student code is confined to;
/// - the sources of all that takes part in a grading ([`SOURCES`]), without what only shows
///   it, of the files that stand in for those that a student lacks, and of the manifests and
///   the lock file that choose the libraries and how they are compiled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Policy(pub(crate) String);

/// The packages that take part in a grading: the grader, what the kit is built from, and all
/// that these are made of.
pub const SOURCES: [&str; 14] = [
    "crates/comparable",
    "crates/course",
    "crates/film",
    "crates/mutants",
    "crates/naive",
    "crates/policies",
    "crates/runner",
    "crates/sandbox",
    "crates/scan",
    "crates/verdict",
    "crates/vmsim",
    "crates/vmtrace",
    "grader",
    "labs/solution",
];

/// What of them only shows what was decided.
const ONLY_SHOWS: [&str; 5] = [
    "grader/src/feedback",
    "grader/src/leaderboard.rs",
    "grader/src/losses.rs",
    "grader/src/report",
    "grader/src/standing.rs",
];

/// Manifests, and the versions of the libraries.
const MANIFESTS: [&str; 3] = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml"];

/// Where the files are that stand in for those that a student lacks.
const SKELETON: &str = "labs/skeleton/src";

/// The traces on which policies are compared; they give no points.
const LEADERBOARD: &str = "leaderboard";

/// The conditions cannot be found out.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file cannot be read.
    #[error("{}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The compiler does not say who it is.
    #[error(transparent)]
    Compiler(#[from] KitError),
}

impl Conditions {
    /// Those of a workspace now, for these labs.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or the compiler does not say who it is.
    pub fn read(
        root: &Path,
        catalogue: &Catalogue,
        confinement: &Confinement,
    ) -> Result<Self, KeyError> {
        Ok(Self {
            key_set: KeySet::read(&catalogue.labs)?,
            toolchain: Toolchain::said(&kit::compiler_version(root)?),
            policy: Policy::read(root, &catalogue.labs, confinement)?,
            max: catalogue.max(),
        })
    }
}

impl KeySet {
    /// What these labs ask.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn read(labs: &[Lab]) -> Result<Self, KeyError> {
        let mut hashed = Hashed::default();
        for lab in labs {
            let within = |name: &str| format!("lab {}/{name}", lab.number);
            let is_asked = |name: &str| name.split('/').next() != Some(LEADERBOARD);
            hashed.folder(&within("hidden"), &lab.hidden, is_asked)?;
            for public in ["traces", "keys"] {
                hashed.folder(&within(public), &lab.folder.join(public), |_| true)?;
            }
            let mut exercises = lab.exercises.iter();
            if exercises.any(|exercise| exercise.kind == ExerciseKind::BreakIt) {
                let all = lab.folder.parent().unwrap_or(&lab.folder);
                let is_trace = |name: &str| name.split('/').nth(1) == Some("traces");
                hashed.folder(&within("published"), all, is_trace)?;
            }
        }
        Ok(Self(hashed.digits()))
    }

    /// The one with this hash; none if that is no hash.
    pub fn from_digits(digits: &str) -> Option<Self> {
        is_hash(digits).then(|| Self(digits.to_owned()))
    }
}

impl Toolchain {
    /// The one that says this of itself.
    pub fn said(words: &str) -> Self {
        Self(words.trim().to_owned())
    }
}

impl Policy {
    /// What decides in a workspace.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn read(root: &Path, labs: &[Lab], confinement: &Confinement) -> Result<Self, KeyError> {
        let mut hashed = Hashed::default();
        for lab in labs {
            let name = format!("lab {}", lab.number);
            hashed.file(&name, &lab.folder.join("lab.toml"))?;
            let together = lab.integration_holes.iter().map(|hole| hole.name());
            hashed.text(&format!("{name} runs together"), together);
        }
        let Confinement { demand, without } = confinement;
        hashed.text("confined", [demand.name()]);
        hashed.text("without", without.iter().map(|layer| layer.name()));
        for file in MANIFESTS {
            hashed.file(file, &root.join(file))?;
        }
        for folder in SOURCES {
            let manifest = format!("{folder}/Cargo.toml");
            hashed.file(&manifest, &root.join(&manifest))?;
            let sources = format!("{folder}/src");
            let decides = |name: &str| decides(&format!("{sources}/{name}"));
            hashed.folder(&sources, &root.join(&sources), decides)?;
        }
        hashed.folder(SKELETON, &root.join(SKELETON), |name| name.ends_with(".rs"))?;
        Ok(Self(hashed.digits()))
    }

    /// The one with this hash; none if that is no hash.
    pub fn from_digits(digits: &str) -> Option<Self> {
        is_hash(digits).then(|| Self(digits.to_owned()))
    }
}

fn decides(file: &str) -> bool {
    let mut only_shows = ONLY_SHOWS.iter();
    file.ends_with(".rs") && !only_shows.any(|part| Path::new(file).starts_with(part))
}

fn is_hash(digits: &str) -> bool {
    digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl fmt::Display for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
