//! Files and words, as one number.

use std::fs;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::KeyError;

/// SHA-256 over whatever was put in, each part with its length before it, so that no two
/// lists of parts give the same bytes.
#[derive(Default)]
pub(super) struct Hashed(Sha256);

/// Said in the place of a file's content if there is none: the file could have any.
const ABSENT: &str = "absent";
const PRESENT: &str = "present";

impl Hashed {
    /// Words, under a name.
    pub fn text<'a>(&mut self, name: &str, words: impl IntoIterator<Item = &'a str>) {
        let words: Vec<&str> = words.into_iter().collect();
        self.part(name.as_bytes());
        self.part(&(words.len() as u64).to_le_bytes());
        words.iter().for_each(|word| self.part(word.as_bytes()));
    }

    /// The content of a file, or that there is none, under a name.
    pub fn file(&mut self, name: &str, path: &Path) -> Result<(), KeyError> {
        self.part(name.as_bytes());
        match fs::read(path) {
            Ok(content) => {
                self.part(PRESENT.as_bytes());
                self.part(&content);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.part(ABSENT.as_bytes()),
            Err(error) => return Err(unreadable(path, error)),
        }
        Ok(())
    }

    /// All files of a folder that are wanted by their names in there, in the order of these
    /// names; none if there is no folder.
    pub fn folder(
        &mut self,
        name: &str,
        path: &Path,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<(), KeyError> {
        let mut files = Vec::new();
        list(path, "", &mut files)?;
        files.retain(|file| wanted(file));
        files.sort_unstable();
        self.text(name, []);
        let mut each = files.iter();
        each.try_for_each(|file| self.file(&format!("{name}/{file}"), &path.join(file)))
    }

    pub fn digits(self) -> String {
        let bytes: [u8; 32] = self.0.finalize().into();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn part(&mut self, part: &[u8]) {
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
    }
}

/// Adds the names of all files below a folder, as seen from there.
fn list(folder: &Path, within: &str, files: &mut Vec<String>) -> Result<(), KeyError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(|error| unreadable(folder, error))?,
    };
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{within}{name}");
        match path.is_dir() {
            true => list(&path, &format!("{name}/"), files)?,
            false => files.push(name),
        }
    }
    Ok(())
}

fn unreadable(path: &Path, error: io::Error) -> KeyError {
    let path = path.to_owned();
    KeyError::Read { path, error }
}
