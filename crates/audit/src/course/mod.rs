//! The course material itself: what can be wrong with it before anybody uses it.
//!
//! A module a check, in the order in which a reader meets the material:
//!
//! - `names`: labs, holes and traces are called once, and rightly
//! - `points`: points add up
//! - `words`: hints, and what a trace is for
//! - `handout`: the handout names what the lab has
//! - `keys`: each key is what the reference does
//! - `twins`: who is refused somewhere is served there, too
//! - [`submissions`]: skeleton, reference, other correct solutions and shortcuts get
//!   what they deserve

mod handout;
pub(crate) mod keys;
mod names;
mod points;
pub mod submissions;
pub mod twins;
mod words;

use std::path::{Path, PathBuf};

use course::catalogue::{Catalogue, Lab, Trace, Visibility};

use crate::exam::{self, ExamError, Paper};
use crate::finding::{Finding, shown};

/// A course, read once.
#[derive(Clone, Debug)]
pub struct Course {
    /// The workspace that it is in.
    pub root: PathBuf,
    /// Its labs.
    pub catalogue: Catalogue,
    /// Its traces and keys.
    pub papers: Vec<Paper>,
}

/// Looks for one kind of mistake.
type Check = fn(&Course) -> Vec<Finding>;

/// The checks that read the material and run no submission.
const CHECKS: [Check; 6] = [
    names::check,
    points::check,
    words::check,
    handout::check,
    keys::check,
    twins::check,
];

impl Course {
    /// Reads the course of a workspace.
    ///
    /// # Errors
    ///
    /// If a registry, a trace or a key cannot be used.
    pub fn read(root: &Path) -> Result<Self, ExamError> {
        Self::of(root, Catalogue::read(root)?)
    }

    /// The same with hidden traces and keys from another folder than grader/hidden.
    ///
    /// # Errors
    ///
    /// As [`Course::read`].
    pub fn read_with(root: &Path, hidden: &Path) -> Result<Self, ExamError> {
        Self::of(root, Catalogue::read_with(root, hidden)?)
    }

    fn of(root: &Path, catalogue: Catalogue) -> Result<Self, ExamError> {
        Ok(Self {
            root: root.to_owned(),
            papers: exam::read(&catalogue)?,
            catalogue,
        })
    }

    /// Everything that is wrong with the material as it is written.
    pub fn check(&self) -> Vec<Finding> {
        CHECKS.iter().flat_map(|check| check(self)).collect()
    }

    /// All traces, with their labs.
    fn traces(&self) -> impl Iterator<Item = (&Lab, &Trace)> {
        let labs = self.catalogue.labs.iter();
        labs.flat_map(|lab| lab.traces.iter().map(move |trace| (lab, trace)))
    }

    /// A finding in a lab's registry.
    fn in_registry(&self, check: &'static str, lab: &Lab, what: String, help: &str) -> Finding {
        self.in_file(check, lab, &lab.folder.join("lab.toml"), what, help)
    }

    /// A finding in the registry that lists a trace.
    fn in_registry_of(
        &self,
        check: &'static str,
        (lab, trace): (&Lab, &Trace),
        what: String,
        help: &str,
    ) -> Finding {
        let registry = match trace.visibility {
            Visibility::Public => lab.folder.join("lab.toml"),
            Visibility::Hidden => trace.path.with_file_name("hidden.toml"),
        };
        self.in_file(check, lab, &registry, what, help)
    }

    /// A finding in any file.
    fn in_file(
        &self,
        check: &'static str,
        lab: &Lab,
        file: &Path,
        what: String,
        help: &str,
    ) -> Finding {
        Finding {
            lab: lab.number,
            check,
            file: shown(&self.root, file),
            what,
            help: help.to_owned(),
        }
    }
}
