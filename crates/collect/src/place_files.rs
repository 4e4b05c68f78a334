//! From the files of a hand-in to what the grader takes.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::export::store::Store;
use crate::export::{LeftOut, Listing};
use crate::hand_in::{HandIn, Placed};
use crate::place::{Unpacked, is_archive, is_junk};

/// Where a hand-in lies, ready to be graded.
///
/// What lies open in a folder stays where it is; everything else gets a folder of its own.
/// A folder that has nothing but one archive is that archive. Files that could be worth
/// nothing are there by name, so that the grader can say that it ignored them.
pub(crate) fn ready(
    listing: &Listing,
    hand_in: &HandIn,
    store: &mut Store,
    left_out: &mut Vec<LeftOut>,
) -> io::Result<PathBuf> {
    if let Some(path) = &hand_in.ready {
        return Ok(path.clone());
    }
    let folder = match in_place(listing, hand_in) {
        Some(folder) => folder,
        None => placed(listing, hand_in, store, left_out)?,
    };
    Ok(match only_archive(&hand_in.files) {
        Some(archive) => archive
            .parts
            .iter()
            .fold(folder, |path, part| path.join(part)),
        None => folder,
    })
}

fn in_place(listing: &Listing, hand_in: &HandIn) -> Option<PathBuf> {
    let parts = hand_in.folder.as_ref().filter(|_| listing.is_folder)?;
    let folder = parts
        .iter()
        .fold(listing.path.clone(), |path, part| path.join(part));
    folder.is_dir().then_some(folder)
}

fn placed(
    listing: &Listing,
    hand_in: &HandIn,
    store: &mut Store,
    left_out: &mut Vec<LeftOut>,
) -> io::Result<PathBuf> {
    let folder = store.attempt()?;
    for placed in &hand_in.files {
        if let Err(error) = place(listing, placed, &folder) {
            let why = match error.kind() {
                ErrorKind::AlreadyExists | ErrorKind::NotADirectory | ErrorKind::IsADirectory => {
                    "two files of this name in one hand-in".to_owned()
                }
                ErrorKind::StorageFull => return Err(error),
                _ => format!("it cannot be unpacked: {error}"),
            };
            let name = listing.files[placed.entry].place.text();
            left_out.push(LeftOut { name, why });
        }
    }
    Ok(folder)
}

fn place(listing: &Listing, placed: &Placed, folder: &Path) -> io::Result<()> {
    let path = placed
        .parts
        .iter()
        .fold(folder.to_owned(), |path, part| path.join(part));
    if let Some(around) = path.parent() {
        fs::create_dir_all(around)?;
    }
    let entry = &listing.files[placed.entry];
    let mut file = File::create_new(&path)?;
    match (&entry.content, entry.place.unpacked()) {
        (Some(content), Unpacked::UpTo(_)) if !listing.is_folder => fs::rename(content, &path),
        (Some(content), Unpacked::UpTo(most)) => {
            let mut content = File::open(content)?.take(most);
            io::copy(&mut content, &mut file)?;
            file.flush()
        }
        _ => Ok(()),
    }
}

/// The archive that is all that was handed in.
fn only_archive(files: &[Placed]) -> Option<&Placed> {
    let mut real = files
        .iter()
        .filter(|file| !file.parts.iter().any(|part| is_junk(part)));
    match (real.next(), real.next()) {
        (Some(one), None) if one.parts.last().is_some_and(|name| is_archive(name)) => Some(one),
        _ => None,
    }
}
