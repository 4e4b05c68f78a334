//! Whether a file is still the one that it was.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A file as it was at some time, or that there was none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Stamp {
    path: PathBuf,
    /// Length, and nanoseconds since 1970.
    was: Option<(u64, u128)>,
}

impl Stamp {
    pub fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            was: length_and_time(path),
        }
    }

    pub fn still_holds(&self) -> bool {
        length_and_time(&self.path) == self.was
    }
}

fn length_and_time(path: &Path) -> Option<(u64, u128)> {
    let about = fs::metadata(path).ok()?;
    let changed: SystemTime = about.modified().ok()?;
    let since = changed.duration_since(UNIX_EPOCH).unwrap_or_default();
    Some((about.len(), since.as_nanos()))
}

/// All files below a folder, sorted.
pub(super) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files_below(&path)),
            path => found.push(path),
        }
    }
    found.sort();
    found
}
