//! `MANIFEST.toml`: what a handout is made from, and every file in it.
//!
//! The manifest lies in the handout, so it cannot list itself.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::parcel::Parcel;
use crate::refusal::{Finding, Refusal, io_error};
use crate::sources::walked;

/// Its name in the handout.
pub const NAME: &str = "MANIFEST.toml";

/// Version of its form; it grows when a field changes its meaning.
pub const SCHEMA: &str = "faultline.manifest/1";

/// What a handout is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`SCHEMA`].
    pub schema: String,
    /// The version of the kit.
    pub kit: String,
    /// The commit that it is made from; `unknown` outside of a repository, and with
    /// `+changed` behind it if something was shipped that is in no commit.
    pub source: String,
    /// The numbers of its labs.
    pub labs: Vec<u8>,
    /// All files but this one, by their paths.
    pub file: Vec<Entry>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its path below the root.
    pub path: String,
    /// Its size in bytes.
    pub size: usize,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Lists a parcel.
    pub fn of(parcel: &Parcel, source: String, labs: Vec<u8>) -> Manifest {
        let files = parcel.files().filter(|(path, _)| *path != NAME);
        Manifest {
            schema: SCHEMA.to_owned(),
            kit: env!("CARGO_PKG_VERSION").to_owned(),
            source,
            labs,
            file: files.map(|(path, bytes)| entry(path, bytes)).collect(),
        }
    }

    /// Its text.
    pub fn text(&self) -> Result<String, Refusal> {
        let text = toml::to_string(self);
        let text = text.map_err(|error| Refusal::malformed(NAME, error.to_string()))?;
        Ok(format!(
            "# What this workspace was when you got it. Nothing here depends on it.\n{text}"
        ))
    }
}

/// Compares a handout on disk with its own manifest: which files are gone, are not what
/// they were, or have come since. What git would not take, such as a `target`, is none of
/// them, and neither is the repository.
pub fn verify(folder: &Path) -> Result<Vec<Finding>, Refusal> {
    let path = folder.join(NAME);
    let text = fs::read_to_string(&path).map_err(io_error(&path))?;
    let manifest: Manifest =
        toml::from_str(&text).map_err(|error| Refusal::malformed(NAME, error.to_string()))?;
    let changed = manifest.file.iter().filter_map(|was| {
        let what = match fs::read(folder.join(&was.path)) {
            Ok(bytes) if entry(&was.path, &bytes) == *was => return None,
            Ok(_) => "is not what was handed out",
            Err(_) => "is gone, or cannot be read",
        };
        Some(Finding::file(&was.path, what, "make the handout anew"))
    });
    let mut found: Vec<Finding> = changed.collect();
    let is_listed = |path: &String| manifest.file.iter().any(|was| was.path == *path);
    let come = walked(folder)?.into_iter();
    let come = come.filter(|path| path != NAME && !is_listed(path));
    found.extend(come.map(|path| {
        let what = "was not handed out";
        Finding::file(&path, what, "take it away, or make the handout anew")
    }));
    Ok(found)
}

fn entry(path: &str, bytes: &[u8]) -> Entry {
    let digest = Sha256::digest(bytes);
    Entry {
        path: path.to_owned(),
        size: bytes.len(),
        sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}
