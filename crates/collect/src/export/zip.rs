//! Zip archives.

use std::fs::File;
use std::io::BufReader;

use ::zip::ZipArchive;
use ::zip::read::ZipFileEntry;

use super::Listing;
use super::store::Store;
use crate::limits::ENTRIES_MAX;
use crate::place::Unpacked;
use crate::trouble::CollectError;
use grader::report::sink::terminal;

/// The bits of a Unix mode that tell what a file is, and those of a plain one.
const MODE_TYPE: u32 = 0o170_000;
const MODE_REGULAR: u32 = 0o100_000;
const MODE_FOLDER: u32 = 0o040_000;

/// Lists a zip archive.
pub(super) fn list(
    file: File,
    listing: &mut Listing,
    store: &mut Store,
) -> Result<(), CollectError> {
    let archive = ZipArchive::new(BufReader::new(file));
    let mut archive = archive.map_err(|error| listing.damaged(error))?;
    if archive.len() > ENTRIES_MAX {
        return Err(listing.too_large(format!("more than {ENTRIES_MAX} files and folders")));
    }
    for index in 0..archive.len() {
        one(&mut archive, index, listing, store)?;
    }
    Ok(())
}

fn one(
    archive: &mut ZipArchive<BufReader<File>>,
    index: usize,
    listing: &mut Listing,
    store: &mut Store,
) -> Result<(), CollectError> {
    let entry = archive.by_index_data(index);
    let entry = entry.map_err(|error| listing.damaged(error))?;
    let name = name(&entry);
    if name.ends_with(['/', '\\']) {
        return listing.folder(&name);
    }
    let Some(place) = listing.admit(&name)? else {
        return Ok(());
    };
    if entry.encrypted() {
        return Err(CollectError::Encrypted {
            path: listing.path.clone(),
            entry: terminal::line(&name),
        });
    }
    let mode = (entry.external_attributes() >> 16) & MODE_TYPE;
    if ![0, MODE_REGULAR, MODE_FOLDER].contains(&mode) {
        listing.leave_out(&name, "it is a link, a pipe or a device");
        return Ok(());
    }
    if place.unpacked() == Unpacked::Name {
        return listing.take(place, std::io::empty(), store);
    }
    match archive.by_index(index) {
        Ok(content) => listing.take(place, content, store),
        Err(error) => {
            listing.leave_out(&name, &format!("it cannot be unpacked: {error}"));
            Ok(())
        }
    }
}

/// Most that write zips write UTF-8 and forget to say so; who does not, writes the letters
/// of the first PCs.
fn name(entry: &ZipFileEntry<'_>) -> String {
    let raw = entry.name_raw();
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => entry.name().map_or_else(
            |_| String::from_utf8_lossy(raw).into_owned(),
            |name| name.into_owned(),
        ),
    }
}
