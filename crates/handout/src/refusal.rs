//! Why there is no handout: what was found, where, and what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::skeleton::SkeletonError;

/// Something that must not be shipped, or is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, in the handout or in the workspace.
    pub path: String,
    /// The line, from 1; none if it is about the whole file.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl Finding {
    /// Something about a whole file.
    pub fn file(path: &str, what: impl Into<String>, remedy: &str) -> Finding {
        Finding {
            path: path.to_owned(),
            line: None,
            what: what.into(),
            remedy: remedy.to_owned(),
        }
    }

    /// Something about one line of a file.
    pub fn line(path: &str, line: usize, what: impl Into<String>, remedy: &str) -> Finding {
        Finding {
            line: Some(line),
            ..Finding::file(path, what, remedy)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding {
            path, what, remedy, ..
        } = self;
        match self.line {
            Some(line) => write!(f, "{path}:{line}: {what}\n  {remedy}"),
            None => write!(f, "{path}: {what}\n  {remedy}"),
        }
    }
}

/// Why there is no handout.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It would tell what it must not, or is not what it should be.
    #[error("{}", listed(.0))]
    Found(Vec<Finding>),
    /// The list of what is shipped, or a file that it is made from, is malformed.
    #[error("{path}: {message}")]
    Malformed {
        /// The file, below the workspace's root.
        path: String,
        /// What is wrong, with the remedy.
        message: String,
    },
    /// The solution's markers cannot be trusted.
    #[error(transparent)]
    Skeleton(#[from] SkeletonError),
    /// There is something where the handout is to go.
    #[error(
        "{}: exists already, and is not an empty folder\n  \
         name another folder, or remove this one; nothing is ever overwritten", .0.display()
    )]
    Occupied(PathBuf),
    /// The handout is to go into the workspace that it is made from.
    #[error(
        "{}: inside the workspace, of which it would be a part\n  \
         name a folder beside it, or one in `target`", .0.display()
    )]
    Inside(PathBuf),
    /// Somebody wants it to end.
    #[error("interrupted")]
    Interrupted,
    /// A lab that there is not.
    #[error("there is no lab {wanted}\n  there are labs {known}")]
    NoSuchLab {
        /// What was asked for.
        wanted: u8,
        /// What there is.
        known: String,
    },
    /// There is no git.
    #[error(
        "there is no `git` on this machine\n  \
         install git, or add `--no-git` for a handout without a repository"
    )]
    NoGit,
    /// Git refused.
    #[error("git: {0}")]
    Git(String),
    /// Cargo refused.
    #[error("cargo {command}: {said}")]
    Cargo {
        /// The subcommand.
        command: String,
        /// What it said.
        said: String,
    },
    /// The reference could not play a trace.
    #[error("{trace}: the reference does not play it: {why}")]
    Unplayed {
        /// The trace.
        trace: String,
        /// Why.
        why: String,
    },
    /// The folders could not be walked.
    #[error("{0}")]
    Walk(String),
    /// The archive could not be written.
    #[error("the archive: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// The file system refused.
    #[error("{}: {error}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
}

impl Refusal {
    /// Something about one line of a workspace's file, which is malformed.
    pub(crate) fn malformed(path: &str, message: impl Into<String>) -> Refusal {
        Refusal::Malformed {
            path: path.to_owned(),
            message: message.into(),
        }
    }
}

/// Nothing, or a refusal with everything that was found, in order.
pub(crate) fn refuse(mut findings: Vec<Finding>) -> Result<(), Refusal> {
    findings.sort();
    findings.dedup();
    match findings.is_empty() {
        true => Ok(()),
        false => Err(Refusal::Found(findings)),
    }
}

pub(crate) fn io_error(path: &Path) -> impl FnOnce(io::Error) -> Refusal {
    let path = path.to_owned();
    move |error| Refusal::Io { path, error }
}

/// Findings that are listed of one file; the rest are counted.
const LISTED_MAX: usize = 3;

fn listed(findings: &[Finding]) -> String {
    let files = findings.chunk_by(|one, next| one.path == next.path);
    let lines = files.map(|of_one| {
        let listed = of_one.iter().take(LISTED_MAX).map(ToString::to_string);
        let mut lines: Vec<String> = listed.collect();
        if let Some(more @ 1..) = of_one.len().checked_sub(LISTED_MAX) {
            lines.push(format!("{}: and {more} more like these", of_one[0].path));
        }
        lines.join("\n")
    });
    let lines: Vec<String> = lines.collect();
    lines.join("\n")
}
