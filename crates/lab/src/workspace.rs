//! The workspace around the current folder, and the student's files in it.

use std::fs;
use std::path::{Path, PathBuf};

use course::catalogue::{Catalogue, Lab};
use vmsim::handlers::Hole;

use crate::report::Failure;

/// Where the student's files are.
pub(crate) const SOURCES: &str = "labs/skeleton/src";

/// A workspace, and its registry.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Its folder.
    pub root: PathBuf,
    /// Its labs.
    pub catalogue: Catalogue,
}

/// A line of a source file: `labs/skeleton/src/lab2.rs:17`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The file, below the root.
    pub file: String,
    /// From 1.
    pub number: usize,
}

impl Workspace {
    /// Reads the workspace around the current folder.
    pub fn here() -> Result<Self, Failure> {
        let here = std::env::current_dir().map_err(|error| Failure::Internal(error.to_string()))?;
        let mut around = here.ancestors();
        let root = around
            .find(|folder| folder.join(SOURCES).is_dir())
            .ok_or_else(|| {
                Failure::Usage(format!(
                    "no {SOURCES} here or in a folder above\nhelp: run `cargo lab` in the folder \
                     of the kit"
                ))
            })?;
        let catalogue =
            Catalogue::read(root).map_err(|error| Failure::Internal(error.to_string()))?;
        Ok(Self {
            root: root.to_owned(),
            catalogue,
        })
    }

    /// The labs of a number, or all.
    pub fn labs(&self, number: Option<u8>) -> Result<Vec<&Lab>, Failure> {
        let labs = self.catalogue.labs.iter();
        let found: Vec<&Lab> = labs
            .filter(|lab| number.is_none_or(|number| lab.number == number))
            .collect();
        match found.is_empty() {
            false => Ok(found),
            true => {
                let known = self.catalogue.labs.iter().map(|lab| lab.number.to_string());
                let known: Vec<String> = known.collect();
                Err(Failure::Usage(format!(
                    "no lab has the number {}\nhelp: one of {}",
                    number.unwrap_or_default(),
                    known.join(", ")
                )))
            }
        }
    }

    /// The path as a person types it: below the root.
    pub fn short(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }

    /// What stands on a line, without blanks around it.
    pub fn text(&self, line: &Line) -> Option<String> {
        let text = fs::read_to_string(self.root.join(&line.file)).ok()?;
        let text = text.lines().nth(line.number.checked_sub(1)?)?;
        Some(text.trim().to_owned())
    }

    /// The hole whose function a line is in; none if it is in a function of the student's
    /// own, or in no file of theirs.
    pub fn hole_of(&self, line: &Line) -> Option<Hole> {
        line.file.starts_with(SOURCES).then_some(())?;
        let text = fs::read_to_string(self.root.join(&line.file)).ok()?;
        let above = text.lines().take(line.number);
        above.filter_map(function).last().and_then(Hole::named)
    }

    /// The line of the `todo!` that a hole still consists of.
    pub fn unwritten(&self, hole: Hole) -> Option<Line> {
        let file = self.file_of(hole);
        let text = fs::read_to_string(self.root.join(&file)).ok()?;
        let body = text
            .lines()
            .enumerate()
            .skip_while(|(_, line)| function(line) != Some(hole.name()))
            .take_while(|(_, line)| !line.starts_with('}'));
        let mut todo = body.filter(|(_, line)| line.trim_start().starts_with("todo!("));
        let number = todo.next()?.0 + 1;
        Some(Line { file, number })
    }

    /// The line where the function of a hole begins.
    pub fn function(&self, hole: Hole) -> Option<Line> {
        let file = self.file_of(hole);
        let text = fs::read_to_string(self.root.join(&file)).ok()?;
        let mut lines = text.lines();
        let at = lines.position(|line| function(line) == Some(hole.name()))?;
        let number = at + 1;
        Some(Line { file, number })
    }

    fn file_of(&self, hole: Hole) -> String {
        format!("{SOURCES}/lab{}.rs", hole.lab())
    }
}

/// The name of the function that begins on a line.
fn function(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let name = line.strip_prefix("fn ")?;
    name.split(['(', '<', ' ']).next()
}

impl Line {
    /// Reads `file:line`.
    pub fn parse(at: &str) -> Option<Self> {
        let (file, number) = at.rsplit_once(':')?;
        Some(Self {
            file: file.to_owned(),
            number: number.parse().ok()?,
        })
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.number)
    }
}
