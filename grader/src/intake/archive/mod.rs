//! Submissions that are archives.
//!
//! Archives are iterated and never extracted: no byte of them is written to a disk. What
//! an entry may be is decided in one place for all kinds (`harvest`). Whoever
//! wants an archive to be understood in two ways, by us and by the program that the
//! student opens it with, is refused: two directories that differ, entries that
//! overlap, names given twice, anything after the end.

mod gzip;
mod tar;
mod zip;

use super::harvest::Harvest;
use super::harvest::too_large;
use super::limits::{ARCHIVE_BYTES_MAX, Content};
use super::refusal::Refusal;

/// A kind of archive that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `.zip`.
    Zip,
    /// `.tar`.
    Tar,
    /// `.tar.gz` or `.tgz`.
    TarGz,
    /// One that is not read, and told of: `.rar`, `.7z`, …
    Unknown,
}

/// The endings of archives' names; longer ones before those that they end in.
const ENDINGS: [(&str, Kind); 13] = [
    (".tar.gz", Kind::TarGz),
    (".tgz", Kind::TarGz),
    (".tar", Kind::Tar),
    (".zip", Kind::Zip),
    (".tar.bz2", Kind::Unknown),
    (".tbz2", Kind::Unknown),
    (".tar.xz", Kind::Unknown),
    (".txz", Kind::Unknown),
    (".tar.zst", Kind::Unknown),
    (".7z", Kind::Unknown),
    (".rar", Kind::Unknown),
    (".xz", Kind::Unknown),
    (".gz", Kind::Unknown),
];

/// The kind of an archive by its name, and the name without what tells the kind.
pub fn kind_of(name: &str) -> Option<(&str, Kind)> {
    ENDINGS.iter().find_map(|(ending, kind)| {
        let at = name.len().checked_sub(ending.len())?;
        let (stem, end) = name.split_at_checked(at)?;
        (end.eq_ignore_ascii_case(ending) && !stem.is_empty()).then_some((stem, *kind))
    })
}

/// Reads an archive: the names and contents of what may count in it.
///
/// It is safe on any bytes, takes time and memory in proportion to the limits, and
/// touches no file.
///
/// # Errors
///
/// If the archive is refused, with the entry and the reason.
pub fn read(bytes: &[u8], kind: Kind) -> Result<Vec<(String, Vec<u8>)>, Refusal> {
    let taken = harvest(bytes, kind)?.taken.into_iter();
    let whole = taken.filter_map(|file| match file.content {
        Ok(Content::Whole(content)) => Some((file.name.text(), content)),
        _ => None,
    });
    Ok(whole.collect())
}

/// Reads an archive.
pub(super) fn harvest(bytes: &[u8], kind: Kind) -> Result<Harvest, Refusal> {
    if bytes.len() as u64 > ARCHIVE_BYTES_MAX {
        return Err(oversized());
    }
    match kind {
        Kind::Zip => zip::read(bytes),
        Kind::Tar => tar::read(bytes, None),
        Kind::TarGz => gzip::read(bytes),
        Kind::Unknown => Err(Refusal::whole(
            "an archive of a kind that is not read",
            "hand in a folder, a .zip, a .tar or a .tar.gz",
        )),
    }
}

/// Said of an archive that is not even opened.
pub(super) fn oversized() -> Refusal {
    let max = ARCHIVE_BYTES_MAX >> 20;
    too_large(format!("an archive of more than {max} MiB"))
}
