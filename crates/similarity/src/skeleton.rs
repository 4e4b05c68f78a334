//! What they were given.

use std::fs;
use std::path::Path;

use course::handed_in::{HANDLER_FILES, POLICY_FILE};

use crate::trouble::Trouble;

/// The student's files as they were handed out.
#[derive(Clone, Debug)]
pub struct Skeleton {
    /// Names and texts, in order.
    pub files: Vec<(String, String)>,
}

impl Skeleton {
    /// Reads the skeleton in a folder.
    ///
    /// # Errors
    ///
    /// If one of its files cannot be read.
    pub fn read(folder: &Path) -> Result<Self, Trouble> {
        let names = HANDLER_FILES.iter().copied().chain([POLICY_FILE]);
        let files = names.map(|name| {
            let path = folder.join(name);
            let text = fs::read_to_string(&path).map_err(Trouble::at(&path))?;
            Ok((name.to_owned(), text))
        });
        Ok(Self {
            files: files.collect::<Result<_, Trouble>>()?,
        })
    }

    /// Whether a file is as it was handed out, line breaks and blanks at their ends aside:
    /// editors and course systems change those.
    pub fn has(&self, name: &str, text: &str) -> bool {
        let mut files = self.files.iter();
        files.any(|(file, given)| file == name && lines(given).eq(lines(text)))
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.trim_end().trim_start_matches('\u{feff}').lines();
    lines.map(str::trim_end)
}
