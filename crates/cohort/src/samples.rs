//! What can be handed in.

use std::fs;
use std::io;
use std::path::Path;

/// Samples that take long to grade: they run into a limit of time, memory or output.
pub const SLOW: [&str; 3] = ["time-limit", "memory-limit", "output-limit"];

/// What a folder of the sample class has in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Its name.
    pub name: String,
    /// Its files: names with folders, and what is in them.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Sample {
    /// Whether it has folders, which not every course system takes.
    pub fn has_folders(&self) -> bool {
        self.files.iter().any(|(name, _)| name.contains('/'))
    }

    /// Whether it begins with one of these words.
    pub fn is_one_of(&self, words: &[String]) -> bool {
        words
            .iter()
            .any(|word| self.name.starts_with(word.as_str()))
    }
}

/// Reads all samples of a folder, by name.
///
/// # Errors
///
/// If one of them cannot be read.
pub fn read(folder: &Path) -> io::Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            let name = path.file_name().unwrap_or_default();
            let name = name.to_string_lossy().into_owned();
            let mut files = Vec::new();
            walk(&path, "", &mut files)?;
            files.sort();
            samples.push(Sample { name, files });
        }
    }
    samples.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(samples)
}

fn walk(folder: &Path, above: &str, files: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{above}{name}");
        match path.is_dir() {
            true => walk(&path, &format!("{name}/"), files)?,
            false => files.push((name, fs::read(&path)?)),
        }
    }
    Ok(())
}
