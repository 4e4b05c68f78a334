//! The student's files as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use course::handed_in::{BELADY_TRACE, HANDLER_FILES, POLICY_FILE, PREDICTIONS};

/// The files of a folder: what is in them, and when they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sources(BTreeMap<String, (Option<SystemTime>, Vec<u8>)>);

impl Sources {
    /// Reads the files that the check depends on; one that cannot be read is not there.
    pub fn read(folder: &Path) -> Self {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let files = entries.filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let content = is_source(&name).then(|| fs::read(entry.path()).ok())??;
            let written = entry.metadata().and_then(|about| about.modified()).ok();
            Some((name, (written, content)))
        });
        Self(files.collect())
    }

    /// The names of files that were saved, made or removed since; those with another
    /// content, unless there is none such.
    pub fn changed_since(&self, before: &Self) -> Vec<String> {
        let names: BTreeSet<&String> = self.0.keys().chain(before.0.keys()).collect();
        let saved = names
            .into_iter()
            .filter(|name| self.0.get(*name) != before.0.get(*name));
        let saved: Vec<&String> = saved.collect();
        let others = saved
            .iter()
            .filter(|name| self.content(name) != before.content(name));
        let others: Vec<String> = others.map(|name| (*name).clone()).collect();
        match others.is_empty() {
            true => saved.into_iter().cloned().collect(),
            false => others,
        }
    }

    fn content(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(|(_, content)| content.as_slice())
    }

    /// Whether a file is gone, or empty, that was neither.
    pub fn lacks_any_of(&self, before: &Self) -> bool {
        let is_there = |(_, content): &(_, Vec<u8>)| !content.is_empty();
        let mut there = before.0.iter().filter(|(_, file)| is_there(file));
        there.any(|(name, _)| !self.0.get(name).is_some_and(is_there))
    }
}

/// Editors keep files of their own beside those that they edit.
fn is_source(name: &str) -> bool {
    let is_hidden = name.starts_with(['.', '#']);
    !is_hidden && (name.ends_with(".rs") || name == PREDICTIONS || name == BELADY_TRACE)
}

/// The lab that somebody works on who has saved these files: the one of before, if it is
/// among theirs.
pub(super) fn lab_of(changed: &[String], before: Option<u8>) -> Option<u8> {
    let labs = changed.iter().filter_map(|name| match name.as_str() {
        PREDICTIONS => Some(1),
        POLICY_FILE | BELADY_TRACE => Some(8),
        name => {
            let at = HANDLER_FILES.iter().position(|file| *file == name)?;
            u8::try_from(at + 1).ok()
        }
    });
    let labs: Vec<u8> = labs.collect();
    before
        .filter(|lab| labs.contains(lab))
        .or(labs.into_iter().max())
}
