//! Why there is no archive.

use std::io;
use std::path::PathBuf;

use handout::refusal::Refusal;

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// A lab is asked for that is not there.
    #[error("there is no lab {wanted}\nhelp: one of {}", listed(.known))]
    NoLab {
        /// The number.
        wanted: u8,
        /// All that are.
        known: Vec<u8>,
    },
    /// The workspace is not as it must be.
    #[error(transparent)]
    Workspace(#[from] Refusal),
    /// Cargo does not tell what grading is built from.
    #[error("cargo does not tell what the grader needs: {0}\nhelp: `cargo metadata` shows why")]
    Cargo(String),
    /// There is something already.
    #[error("{} exists already\nhelp: name another file, or remove this one", .0.display())]
    Occupied(PathBuf),
    /// The archive cannot be written.
    #[error("{}: {error}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It cannot be packed.
    #[error("the archive cannot be made: {0}")]
    Zip(#[from] zip::result::ZipError),
}

impl Trouble {
    /// Whether the user can do something about it.
    pub fn is_input(&self) -> bool {
        matches!(self, Trouble::NoLab { .. } | Trouble::Occupied(_))
    }
}

fn listed(labs: &[u8]) -> String {
    let labs: Vec<String> = labs.iter().map(u8::to_string).collect();
    labs.join(", ")
}
