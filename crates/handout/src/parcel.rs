//! What is about to be shipped, in memory.
//!
//! Nothing is written before all of it has been looked at, so that a leak leaves no
//! file behind.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Files by their paths below the student's root, with `/` between folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parcel {
    files: BTreeMap<String, Vec<u8>>,
}

impl Parcel {
    /// Puts a file in, in the place of one that is there already.
    pub fn put(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// Returns a file's bytes.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// Returns a file's text, if it is there and is text.
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.get(path)?).ok()
    }

    /// All files, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// All files that are text, in the order of their paths.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files()
            .filter_map(|(path, bytes)| Some((path, std::str::from_utf8(bytes).ok()?)))
    }

    /// Returns whether a file is in it.
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// How many files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Writes all files below a folder.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        for (path, bytes) in &self.files {
            let file = folder.join(path);
            if let Some(parent) = file.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(file, bytes)?;
        }
        Ok(())
    }
}
