//! What the instructor's workspace holds: which files, from which commit.
//!
//! What git ignores does not exist here, so that no build product and no editor's
//! leavings are ever asked about. Without a repository the ignore files alone decide.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::history;
use crate::refusal::{Refusal, io_error};

/// The instructor's workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// Its root.
    pub root: PathBuf,
    /// All files that are not ignored, with `/` between folders.
    pub files: BTreeSet<String>,
    /// The files among them that no commit has as they are.
    pub changed: BTreeSet<String>,
    /// The commit; none outside of a repository.
    pub commit: Option<String>,
}

impl Sources {
    /// Looks at the workspace at `root`.
    pub fn of(root: &Path) -> Result<Sources, Refusal> {
        match root.join(".git").exists() {
            true => tracked(root),
            false => untracked(root),
        }
    }

    /// Reads a file.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        let file = self.root.join(path);
        fs::read(&file).map_err(io_error(&file))
    }

    /// Reads a file that must be text.
    pub fn text(&self, path: &str) -> Result<String, Refusal> {
        let file = self.root.join(path);
        fs::read_to_string(&file).map_err(io_error(&file))
    }
}

fn tracked(root: &Path) -> Result<Sources, Refusal> {
    let listed = git(
        root,
        &[
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
    )?;
    let status = git(
        root,
        &[
            "status",
            "--porcelain",
            "-z",
            "--untracked-files=all",
            "--no-renames",
            ".",
        ],
    )?;
    // A file may be listed that was removed and not committed.
    let exists = |path: &String| root.join(path).symlink_metadata().is_ok();
    Ok(Sources {
        root: root.to_owned(),
        files: entries(&listed).map(str::to_owned).filter(exists).collect(),
        changed: entries(&status)
            .filter_map(|entry| entry.get(3..))
            .chain(unwatched(&git(root, &["ls-files", "-v", "-z"])?))
            .map(str::to_owned)
            .collect(),
        commit: Some(git(root, &["rev-parse", "HEAD"])?.trim().to_owned()),
    })
}

/// Files that git was told not to look at: whatever is in them, it calls them unchanged.
fn unwatched(listed: &str) -> impl Iterator<Item = &str> {
    let unwatched = entries(listed)
        .filter(|entry| entry.starts_with(|tag: char| tag.is_lowercase() || tag == 'S'));
    unwatched.filter_map(|entry| entry.get(2..))
}

fn entries(listed: &str) -> impl Iterator<Item = &str> {
    listed.split('\0').filter(|entry| !entry.is_empty())
}

fn git(root: &Path, args: &[&str]) -> Result<String, Refusal> {
    let mut command = history::git_alone();
    command.arg("-C").arg(root).args(args);
    let output = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Refusal::NoGit,
        _ => Refusal::Git(error.to_string()),
    })?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(Refusal::Git(
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        )),
    }
}

fn untracked(root: &Path) -> Result<Sources, Refusal> {
    Ok(Sources {
        root: root.to_owned(),
        files: walked(root)?,
        ..Sources::default()
    })
}

/// The files below a folder that its ignore files let pass, without its repository.
pub(crate) fn walked(root: &Path) -> Result<BTreeSet<String>, Refusal> {
    let walk = ignore::WalkBuilder::new(root)
        .hidden(false)
        .parents(false)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    let mut files = BTreeSet::new();
    for entry in walk {
        let entry = entry.map_err(|error| Refusal::Walk(error.to_string()))?;
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let below = entry.path().strip_prefix(root).ok();
        if let Some(path) = below.filter(|_| !is_folder) {
            files.insert(slashes(path));
        }
    }
    Ok(files)
}

/// A path as all parts of the kit write it.
fn slashes(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
