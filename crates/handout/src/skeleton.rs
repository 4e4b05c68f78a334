//! All files of the skeleton crate, written or checked.
//!
//! The skeleton's sources come from the solution's, file by file, as [`PARTS`]
//! says. Its `Cargo.toml` is written by hand. Both folders are flat.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::MarkerError;
use crate::generate::{Generated, Hole, generate};

/// Where the solution's sources are, below the workspace's root.
pub const SOLUTION: &str = "labs/solution/src";

/// Where the skeleton's sources go, below the workspace's root.
pub const SKELETON: &str = "labs/skeleton/src";

/// The solution's files and what becomes of each, and what the skeleton has besides.
///
/// A file of the solution that is not listed is refused, so that nothing is
/// handed out by accident.
pub const PARTS: &[Part] = &[
    Part::new("lib.rs", Role::Withheld),
    Part::new("express.rs", Role::Withheld),
    Part::new("main.rs", Role::Separate),
    Part::new("lab1.rs", Role::Generated),
    Part::new("lab2.rs", Role::Generated),
    Part::new("lab3.rs", Role::Generated),
    Part::new("lab4.rs", Role::Generated),
    Part::new("lab5.rs", Role::Generated),
    Part::new("lab6.rs", Role::Generated),
    Part::new("lab7.rs", Role::Generated),
    Part::new("lab8.rs", Role::Generated),
    Part::new("policy.rs", Role::Copied),
    Part::new("predict.toml", Role::Handwritten),
];

/// One of the solution's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name in [`SOLUTION`], and in [`SKELETON`].
    pub name: &'static str,
    /// What becomes of it.
    pub role: Role,
}

impl Part {
    /// Names a file and says what becomes of it.
    pub const fn new(name: &'static str, role: Role) -> Part {
        Part { name, role }
    }
}

/// What becomes of a solution file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its holes are emptied. It has at least one.
    Generated,
    /// It is plumbing, the same for student and solution. It has no marker.
    Copied,
    /// It stays with the instructor, and the skeleton has its own of that name,
    /// written by hand.
    Separate,
    /// It stays with the instructor.
    Withheld,
    /// It is no file of the solution: the skeleton alone has it, written by hand.
    Handwritten,
}

/// A file of the skeleton, as it ought to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in [`SKELETON`].
    pub name: &'static str,
    /// Its text.
    pub text: String,
    /// Its holes, from the top.
    pub holes: Vec<Hole>,
}

/// A file of the skeleton that is not as it ought to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The file, below the workspace's root.
    pub path: PathBuf,
    /// How it differs.
    pub difference: Difference,
}

/// How a skeleton file differs from what the solution says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It does not exist.
    Missing,
    /// It has other text, from this line on.
    Text {
        /// The first line that differs, from 1.
        line: usize,
    },
    /// No solution file makes it.
    Unexpected,
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match self.line() {
            Some(line) => write!(f, "{path}:{line}: {}", self.how()),
            None => write!(f, "{path}: {}", self.how()),
        }
    }
}

impl Stale {
    /// The first line that differs, where only lines do.
    pub fn line(&self) -> Option<usize> {
        match self.difference {
            Difference::Text { line } => Some(line),
            Difference::Missing | Difference::Unexpected => None,
        }
    }

    /// How it differs, in words.
    pub fn how(&self) -> &'static str {
        match self.difference {
            Difference::Missing => "missing",
            Difference::Text { .. } => "differs from the solution",
            Difference::Unexpected => "no file of the solution makes it",
        }
    }
}

/// Why there is no skeleton.
#[derive(Debug, thiserror::Error)]
pub enum SkeletonError {
    /// A marker is not as it must be.
    #[error(transparent)]
    Marker(#[from] MarkerError),
    /// A solution file that [`PARTS`] does not know.
    #[error(
        "{}: not listed, so it may be the students' or not\n  \
         add it to `PARTS` in crates/handout/src/skeleton.rs", .path.display()
    )]
    Unlisted {
        /// The file, below the workspace's root.
        path: PathBuf,
    },
    /// A listed file that is not there.
    #[error(
        "{}: listed, but does not exist\n  \
         remove it from `PARTS` in crates/handout/src/skeleton.rs", .path.display()
    )]
    Absent {
        /// The file, below the workspace's root.
        path: PathBuf,
    },
    /// A file that is to be generated, but has no hole.
    #[error(
        "{}: without a hole, so all of it would be handed out\n  \
         add markers, or list it as copied", .path.display()
    )]
    NoHole {
        /// The file, below the workspace's root.
        path: PathBuf,
    },
    /// A file that is to be copied, but has markers.
    #[error("{}: listed as copied, but has markers\n  list it as generated", .path.display())]
    Marked {
        /// The file, below the workspace's root.
        path: PathBuf,
    },
    /// A hole's name that another file has used.
    #[error(
        "{}: hole `{name}` exists in {} too\n  \
         give each hole a name of its own", .path.display(), .first.display()
    )]
    Duplicate {
        /// The hole.
        name: String,
        /// The file that has it again.
        path: PathBuf,
        /// The file that has it first.
        first: PathBuf,
    },
    /// The file system refused.
    #[error("{}: {error}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
}

/// Writes the skeleton of the workspace at `root`; returns the files that
/// changed.
///
/// Nothing is written unless all of the solution is well formed. Files that no
/// solution file makes are left alone; [`check`] reports them. A workspace without
/// a solution, such as a student's, has nothing to write.
pub fn write(root: &Path) -> Result<Vec<PathBuf>, SkeletonError> {
    Skeleton { root, parts: PARTS }.write()
}

/// Compares the skeleton of the workspace at `root` with what the solution says.
pub fn check(root: &Path) -> Result<Vec<Stale>, SkeletonError> {
    Skeleton { root, parts: PARTS }.check()
}

/// The skeleton of a workspace.
#[derive(Clone, Copy, Debug)]
pub struct Skeleton<'a> {
    /// The workspace.
    pub root: &'a Path,
    /// What becomes of each solution file; [`PARTS`], but for tests.
    pub parts: &'a [Part],
}

impl<'a> Skeleton<'a> {
    /// Generates all files, and writes none.
    pub fn files(self) -> Result<Vec<File>, SkeletonError> {
        self.refuse_unlisted()?;
        let mut files = Vec::new();
        let made = |part: &&Part| part.role != Role::Handwritten;
        for part in self.listed().iter().filter(made) {
            let path = Path::new(SOLUTION).join(part.name);
            let source = self.read(&path)?.ok_or(SkeletonError::Absent {
                path: path.to_owned(),
            })?;
            let generated = generate(&source, &path)?;
            files.extend(file(part, &path, &source, generated)?);
        }
        refuse_duplicates(&files)?;
        Ok(files)
    }

    /// As [`write()`].
    pub fn write(self) -> Result<Vec<PathBuf>, SkeletonError> {
        let files = self.files()?;
        let mut written = Vec::new();
        for file in files {
            let path = Path::new(SKELETON).join(file.name);
            if self.difference(&path, &file.text)?.is_some() {
                self.write_file(&path, &file.text)?;
                written.push(path);
            }
        }
        Ok(written)
    }

    /// As [`check`].
    pub fn check(self) -> Result<Vec<Stale>, SkeletonError> {
        let mut stale = Vec::new();
        for file in self.files()? {
            let path = Path::new(SKELETON).join(file.name);
            let difference = self.difference(&path, &file.text)?;
            stale.extend(difference.map(|difference| Stale { path, difference }));
        }
        stale.extend(self.strays()?);
        Ok(stale)
    }

    /// Finds what differs in the skeleton's folder itself: files written by hand
    /// that are missing, and files that nobody makes.
    fn strays(self) -> Result<Vec<Stale>, SkeletonError> {
        let found = self.list(SKELETON)?;
        let made = |name: &str| {
            let mut parts = self.parts.iter();
            parts.any(|part| part.name == name && part.role != Role::Withheld)
        };
        let unexpected = found.iter().filter(|name| !made(name.as_str()));
        let by_hand = self
            .listed()
            .iter()
            .filter(|part| matches!(part.role, Role::Separate | Role::Handwritten));
        let missing = by_hand.filter(|part| !found.iter().any(|name| name == part.name));
        let stale = |name: &str, difference| Stale {
            path: Path::new(SKELETON).join(name),
            difference,
        };
        Ok(missing
            .map(|part| stale(part.name, Difference::Missing))
            .chain(unexpected.map(|name| stale(name, Difference::Unexpected)))
            .collect())
    }

    /// The parts, or none in a workspace that has no solution at all.
    fn listed(self) -> &'a [Part] {
        if self.root.join(SOLUTION).is_dir() {
            self.parts
        } else {
            &[]
        }
    }

    fn refuse_unlisted(self) -> Result<(), SkeletonError> {
        let listed = |part: &&Part| part.role != Role::Handwritten;
        let known = |name: &String| {
            self.parts
                .iter()
                .filter(listed)
                .any(|part| part.name == name)
        };
        match self.list(SOLUTION)?.into_iter().find(|name| !known(name)) {
            None => Ok(()),
            Some(name) => Err(SkeletonError::Unlisted {
                path: Path::new(SOLUTION).join(name),
            }),
        }
    }

    fn difference(self, path: &Path, text: &str) -> Result<Option<Difference>, SkeletonError> {
        Ok(match self.read(path)? {
            None => Some(Difference::Missing),
            Some(found) if found == text => None,
            Some(found) => Some(Difference::Text {
                line: first_difference(&found, text),
            }),
        })
    }

    /// Reads a file below the root; nothing if it does not exist.
    fn read(self, path: &Path) -> Result<Option<String>, SkeletonError> {
        match fs::read_to_string(self.root.join(path)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error(path)(error)),
        }
    }

    fn write_file(self, path: &Path, text: &str) -> Result<(), SkeletonError> {
        fs::create_dir_all(self.root.join(SKELETON)).map_err(io_error(Path::new(SKELETON)))?;
        fs::write(self.root.join(path), text).map_err(io_error(path))
    }

    /// Lists a folder below the root, sorted; a folder that does not exist is
    /// empty.
    fn list(self, folder: &str) -> Result<Vec<String>, SkeletonError> {
        let entries = match fs::read_dir(self.root.join(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io_error(Path::new(folder))(error)),
        };
        let mut names = entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<_>>>()
            .map_err(io_error(Path::new(folder)))?;
        names.sort();
        Ok(names)
    }
}

/// Makes the skeleton's file of a solution file, if it has one.
fn file(
    part: &Part,
    path: &Path,
    source: &str,
    generated: Generated,
) -> Result<Option<File>, SkeletonError> {
    let path = path.to_owned();
    match part.role {
        Role::Separate | Role::Withheld | Role::Handwritten => Ok(None),
        Role::Generated if generated.holes.is_empty() => Err(SkeletonError::NoHole { path }),
        Role::Copied if generated.text != source => Err(SkeletonError::Marked { path }),
        Role::Generated | Role::Copied => Ok(Some(File {
            name: part.name,
            text: generated.text,
            holes: generated.holes,
        })),
    }
}

fn refuse_duplicates(files: &[File]) -> Result<(), SkeletonError> {
    let mut first = HashMap::new();
    for file in files {
        for hole in &file.holes {
            if let Some(first) = first.insert(&hole.name, file.name) {
                return Err(SkeletonError::Duplicate {
                    name: hole.name.clone(),
                    path: Path::new(SOLUTION).join(file.name),
                    first: Path::new(SOLUTION).join(first),
                });
            }
        }
    }
    Ok(())
}

/// Returns the first line, from 1, in which two different texts differ.
fn first_difference(found: &str, expected: &str) -> usize {
    let same = found
        .split('\n')
        .zip(expected.split('\n'))
        .take_while(|(found, expected)| found == expected)
        .count();
    same + 1
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> SkeletonError {
    let path = path.to_owned();
    move |error| SkeletonError::Io { path, error }
}
