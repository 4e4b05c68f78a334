//! What is left of a run: files, processes.

use std::fs;
use std::os::unix::ffi::OsStrExt;
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

/// Where a secret turns up in the files below a folder, their names included.
pub fn mentions(folder: &Path, secret: &str) -> Vec<String> {
    let has = |bytes: &[u8]| {
        let mut windows = bytes.windows(secret.len());
        windows.any(|window| window == secret.as_bytes())
    };
    let found = files(folder).into_iter().filter(|path| {
        let named = has(path.as_os_str().as_bytes());
        named || (path.is_file() && fs::read(path).is_ok_and(|bytes| has(&bytes)))
    });
    found.map(|path| path.display().to_string()).collect()
}
