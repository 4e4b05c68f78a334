//! Whose a submission is, and the name that its results get on a disk.

use std::collections::HashMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::archive;
use super::names::{fold, is_device, lossless};

/// Bytes of an id that stay in a file's name; what follows keeps them apart.
const PLAIN_BYTES_MAX: usize = 64;

/// Hexadecimal digits that tell ids apart which are one when written plainly.
const DIGITS: usize = 16;

/// The id of a submission: the name of its folder, or of its archive without ending.
/// Bytes that are no text are written `\xNN`.
pub(super) fn of(path: &Path) -> String {
    // `.` and `..` have no name of their own.
    let full = match path.file_name() {
        Some(_) => path.to_owned(),
        None => path.canonicalize().unwrap_or_default(),
    };
    let name = lossless(full.file_name().unwrap_or_default().as_encoded_bytes());
    match archive::kind_of(&name) {
        Some((stem, _)) if !path.is_dir() => stem.to_owned(),
        _ => name,
    }
}

/// A file name for each of these ids, without extension.
///
/// It is the id itself where that is a plain name. Every other id, and ids that some
/// systems take for the same, get what is plain of them and a part of their hash: no
/// name leaves its folder, is a device, or is another one's.
pub fn file_names<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let ids: Vec<&str> = ids.into_iter().collect();
    let mut count: HashMap<String, usize> = HashMap::new();
    for id in &ids {
        *count.entry(fold(id)).or_default() += 1;
    }
    let alone = |id: &str| count.get(&fold(id)) == Some(&1);
    let names = ids.iter().map(|id| match is_plain(id) && alone(id) {
        true => (*id).to_owned(),
        false => with_hash(id),
    });
    names.collect()
}

fn is_plain(id: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || "-_.+@ ".contains(c);
    let ends_well = !id.ends_with([' ', '.']) && !id.starts_with([' ', '.', '-']);
    let looks_hashed = id.rsplit_once('-').is_some_and(|(_, end)| {
        end.len() == DIGITS && end.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    let fits = !id.is_empty() && id.len() <= PLAIN_BYTES_MAX;
    fits && id.chars().all(good) && ends_well && !looks_hashed && !is_device(&fold(id))
}

fn with_hash(id: &str) -> String {
    let plain = |c: char| match c.is_ascii_alphanumeric() {
        true => c,
        false => '_',
    };
    let kept: String = id.chars().take(PLAIN_BYTES_MAX).map(plain).collect();
    let digest = Sha256::digest(id);
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{kept}-{}", &digits[..DIGITS])
}
