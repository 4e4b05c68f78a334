//! Where something lies in an export.

use course::handed_in::counts;
use grader::intake::archive;
use unicode_normalization::UnicodeNormalization;

use crate::limits::{
    ARCHIVE_UNPACKED_MAX, DEPTH_MAX, METADATA_BYTES_MAX, NAME_BYTES_MAX, PATH_BYTES_MAX,
    SOURCE_UNPACKED_MAX,
};

/// Names of what no student writes: a build's output, the history of a checkout, and what
/// operating systems leave in folders.
const JUNK: [&str; 7] = [
    ".git",
    "target",
    "__macosx",
    ".ds_store",
    "thumbs.db",
    "desktop.ini",
    "node_modules",
];

/// Files of course systems, by their endings.
const METADATA: [&str; 4] = [".yml", ".csv", ".txt", ".json"];

/// The folders around something and its own name, none of which leads out of the export.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    parts: Vec<String>,
}

/// What of a file is unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unpacked {
    /// So many bytes of it.
    UpTo(u64),
    /// Nothing but its name: no submission has it, and no course system tells anything
    /// in it.
    Name,
}

impl Place {
    /// Takes a name as it stands in an export. Windows writes backslashes between folders.
    /// None is the export itself.
    ///
    /// # Errors
    ///
    /// Why it is none.
    pub fn parse(raw: &str) -> Result<Option<Self>, &'static str> {
        if raw.contains('\0') {
            return Err("a NUL in the name");
        }
        if raw.len() > PATH_BYTES_MAX {
            return Err("a name that is too long");
        }
        if raw.starts_with(['/', '\\']) {
            return Err("an absolute name");
        }
        let parts = raw.split(['/', '\\']);
        let parts: Vec<String> = parts
            .filter(|part| !part.is_empty() && *part != ".")
            .map(str::to_owned)
            .collect();
        if parts.len() > DEPTH_MAX {
            return Err("too many folders around it");
        }
        if parts.iter().any(|part| part.len() > NAME_BYTES_MAX) {
            return Err("a name that is too long");
        }
        if parts.iter().any(|part| leads_out(part)) {
            return Err("a name that leads out of the export");
        }
        Ok((!parts.is_empty()).then_some(Self { parts }))
    }

    /// Its folders and its own name.
    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// Its own name.
    pub fn last(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }

    /// All of it, with slashes.
    pub fn text(&self) -> String {
        self.parts.join("/")
    }

    /// Whether it is, or is in, what nobody hands in.
    pub fn is_junk(&self) -> bool {
        self.parts.iter().any(|part| is_junk(part))
    }

    /// What is unpacked of it.
    pub(crate) fn unpacked(&self) -> Unpacked {
        let name = self.last().to_lowercase();
        if name.ends_with(".rs") || counts(&name) {
            Unpacked::UpTo(SOURCE_UNPACKED_MAX)
        } else if is_archive(&name) {
            Unpacked::UpTo(ARCHIVE_UNPACKED_MAX)
        } else if METADATA.iter().any(|ending| name.ends_with(ending)) {
            Unpacked::UpTo(METADATA_BYTES_MAX)
        } else {
            Unpacked::Name
        }
    }
}

/// Whether a name is that of an archive, of a kind that is read or of another.
pub(crate) fn is_archive(name: &str) -> bool {
    archive::kind_of(name).is_some()
}

/// Whether a file of this name may be worth points: it counts, or would but for how it is
/// written, or is an archive, of which nobody knows before it is read.
pub(crate) fn may_count(name: &str) -> bool {
    counts(&name.to_lowercase()) || is_archive(name)
}

/// One part of a name is junk.
pub(crate) fn is_junk(part: &str) -> bool {
    let folded = part.to_lowercase();
    JUNK.contains(&folded.as_str()) || folded.starts_with("._")
}

/// `..` in all ways that somebody may take for it, and the drives of Windows.
fn leads_out(part: &str) -> bool {
    let normal: String = part.nfkc().collect();
    let dots = normal.trim_end_matches(' ');
    let only_dots = dots.len() > 1 && dots.chars().all(|c| c == '.');
    let mut letters = normal.chars();
    let is_drive =
        letters.next().is_some_and(|c| c.is_ascii_alphabetic()) && letters.next() == Some(':');
    only_dots || is_drive || normal.contains(['/', '\\', '\0'])
}
