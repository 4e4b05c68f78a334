//! Folders, in which an export lies unpacked.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Entry, Listing};
use crate::place::is_junk;
use crate::trouble::CollectError;

/// Lists a folder. No link in it is followed, and what nobody hands in is not looked into.
pub(super) fn list(listing: &mut Listing) -> Result<(), CollectError> {
    let root = listing.path.clone();
    walk(listing, &root, "")
}

fn walk(listing: &mut Listing, folder: &Path, above: &str) -> Result<(), CollectError> {
    for (name, path) in sorted(folder)? {
        if is_junk(&name) {
            continue;
        }
        let inner = format!("{above}{name}");
        let about = path.symlink_metadata().map_err(CollectError::read(&path))?;
        if about.is_dir() {
            listing.folder(&inner)?;
            walk(listing, &path, &format!("{inner}/"))?;
        } else if !about.is_file() {
            listing.leave_out(&inner, "it is a link, a pipe or a device");
        } else if let Some(place) = listing.admit(&inner)? {
            let content = Some(path);
            listing.files.push(Entry { place, content });
        }
    }
    Ok(())
}

fn sorted(folder: &Path) -> Result<Vec<(String, PathBuf)>, CollectError> {
    let read = || -> std::io::Result<Vec<(String, PathBuf)>> {
        let entries = fs::read_dir(folder)?;
        let named = entries.map(|entry| {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            Ok((name, entry.path()))
        });
        named.collect()
    };
    let mut names = read().map_err(CollectError::read(folder))?;
    names.sort();
    Ok(names)
}
