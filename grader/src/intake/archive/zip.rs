//! Zip archives, entry by entry.

use std::io::Cursor;

use ::zip::ZipArchive;
use ::zip::read::ZipFileEntry;
use ::zip::result::ZipError;

use super::super::harvest::{Harvest, Source, What, damaged, too_large};
use super::super::limits::ENTRIES_MAX;
use super::super::refusal::{Refusal, words};

/// Each entry of the directory begins so. There are no more entries than this is found,
/// whatever the directory says of itself.
const ENTRY_MAGIC: &[u8] = b"PK\x01\x02";

/// The bits of a Unix mode that tell what a file is, and their values.
const MODE_TYPE: u32 = 0o170_000;
const MODE_REGULAR: u32 = 0o100_000;
const MODE_FOLDER: u32 = 0o040_000;
const MODE_LINK: u32 = 0o120_000;

/// The attribute of what Windows has for links.
const ATTRIBUTE_REPARSE_POINT: u32 = 0x400;

const REMAKE: &str = "make the archive again: no password, and the usual compression";

/// Reads a zip archive.
pub fn read(bytes: &[u8]) -> Result<Harvest, Refusal> {
    // The directory is kept in memory as a whole, so it is counted before.
    let entries = bytes.windows(ENTRY_MAGIC.len());
    let entries = entries.filter(|window| *window == ENTRY_MAGIC).count();
    if entries > ENTRIES_MAX {
        return Err(too_large(format!("more than {ENTRIES_MAX} entries")));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut harvest = Harvest::of(Source::Archive);
    // First the names, for they say more than that two directories differ.
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(broken)?;
        let raw = entry.name().map_err(broken)?.into_owned();
        let what = what(&entry);
        let name = harvest.admit(raw.as_bytes(), what)?;
        if entry.encrypted() {
            return Err(Refusal::of(raw.as_bytes(), "encrypted", REMAKE));
        }
        if what == What::File {
            files.push((index, name));
        }
    }
    archive.validate_header_consistency().map_err(broken)?;
    for (index, name) in files {
        let text = name.text();
        let file = archive.by_index(index);
        let file = file.map_err(|error| of_entry(&text, &error))?;
        // What the directory says of the packed size, the archive must at least have.
        let packed = file.compressed_size().min(bytes.len() as u64);
        let size = file.size();
        let mut file = Counted { file, bytes: 0 };
        harvest.read(name, &mut file, Some(packed))?;
        if file.bytes != size {
            let why = format!("{} bytes, where the directory says {size}", file.bytes);
            return Err(Refusal::of(text.as_bytes(), why, REMAKE));
        }
    }
    Ok(harvest)
}

/// What an entry is. Only some systems fill in the mode, but who fills it in means it.
fn what(entry: &ZipFileEntry<'_>) -> What {
    let attributes = entry.external_attributes();
    let is_folder = entry.name_raw().ends_with(b"/");
    match (attributes >> 16) & MODE_TYPE {
        _ if attributes & ATTRIBUTE_REPARSE_POINT != 0 => What::Other("a link"),
        MODE_LINK => What::Other("a link"),
        0 | MODE_REGULAR | MODE_FOLDER if is_folder && entry.size() == 0 => What::Folder,
        _ if is_folder => What::Other("a folder with a content"),
        0 | MODE_REGULAR => What::File,
        MODE_FOLDER => What::Other("a folder by its mode, a file by its name"),
        _ => What::Other("a pipe or device"),
    }
}

/// Counts what comes out.
struct Counted<R> {
    file: R,
    bytes: u64,
}

impl<R: std::io::Read> std::io::Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

fn of_entry(name: &str, error: &ZipError) -> Refusal {
    let why = format!("cannot be read: {}", words(error));
    Refusal::of(name.as_bytes(), why, REMAKE)
}

fn broken(error: ZipError) -> Refusal {
    damaged(format!("the archive cannot be read: {}", words(&error)))
}
