//! What is left of a run: files, processes.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// All files below a folder, links not followed.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => {
                found.extend(files(&path));
                found.push(path);
            }
            _ => found.push(path),
        }
    }
    found
}

/// The room that the files below a folder take on the disk, in bytes.
pub fn bytes(folder: &Path) -> u64 {
    let about = files(folder)
        .into_iter()
        .filter_map(|path| path.symlink_metadata().ok());
    about.map(|about| about.blocks() * 512).sum()
}

/// The processes that run a program from below a folder, or work there.
pub fn processes(folder: &Path) -> Vec<String> {
    let below = |link: &Path| fs::read_link(link).is_ok_and(|to| to.starts_with(folder));
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let process = entry.path();
        if below(&process.join("exe")) || below(&process.join("cwd")) {
            let words = fs::read(process.join("cmdline")).unwrap_or_default();
            let words = String::from_utf8_lossy(&words).replace('\0', " ");
            found.push(format!("{}: {words}", process.display()));
        }
    }
    found
}

/// Where secrets turn up in the files below a folder, their names included.
pub fn mentions<'a>(folder: &Path, secrets: &'a [(String, String)]) -> Vec<(&'a str, PathBuf)> {
    let mut found = Vec::new();
    for path in files(folder) {
        let name = path.to_string_lossy().into_owned();
        let content = match path.is_file() {
            true => fs::read(&path).unwrap_or_default(),
            false => Vec::new(),
        };
        let text = String::from_utf8_lossy(&content);
        let told = secrets
            .iter()
            .filter(|(_, it)| name.contains(it) || text.contains(it));
        found.extend(told.map(|(what, _)| (what.as_str(), path.clone())));
    }
    found
}

/// Every file below these folders, with what is in it: to be compared with itself.
pub fn state(folders: &[PathBuf]) -> BTreeMap<PathBuf, u64> {
    let mut state = BTreeMap::new();
    for path in folders.iter().flat_map(|folder| files(folder)) {
        let mut hasher = DefaultHasher::new();
        let about = path.symlink_metadata().ok();
        let plain = about.as_ref().is_some_and(fs::Metadata::is_file);
        about
            .map(|about| (about.len(), about.mode()))
            .hash(&mut hasher);
        if plain && about_to_fit(&path) {
            fs::read(&path).unwrap_or_default().hash(&mut hasher);
        }
        state.insert(path, hasher.finish());
    }
    state
}

/// A sparse file is not read as a whole.
fn about_to_fit(path: &Path) -> bool {
    path.metadata().is_ok_and(|about| about.len() < 1 << 26)
}
