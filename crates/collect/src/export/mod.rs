//! What lies in an export: a zip, a tar or a folder.
//!
//! An archive is read once, from its beginning to its end. What a submission can contain,
//! and what course systems tell in files of their own, goes to a private folder under a
//! number; no name that stands in the archive is one on the disk. Nothing is kept in
//! memory but names.
//!
//! - [`store`]: the private folder
//! - `zip`, `tar`, `folder`: the entries of each kind

pub mod store;

mod folder;
mod tar;
mod zip;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use grader::intake::archive::{self, Kind};
use grader::report::sink::terminal;

use self::store::Store;
use crate::limits::ENTRIES_MAX;
use crate::place::{Place, Unpacked};
use crate::trouble::CollectError;

/// A file of an export.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where.
    pub place: Place,
    /// Its content: unpacked, or where it lies. None if nobody needs to know it.
    pub content: Option<PathBuf>,
}

/// An entry that nobody may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name, as it stands in the export: whoever shows it, escapes it.
    pub name: String,
    /// Why.
    pub why: String,
}

/// All that lies in an export.
#[derive(Debug)]
pub struct Listing {
    /// The export.
    pub path: PathBuf,
    /// Whether it lies there open, so that submissions can be read where they are.
    pub is_folder: bool,
    /// Its files.
    pub files: Vec<Entry>,
    /// Its folders, also empty ones.
    pub folders: Vec<Place>,
    /// What is not taken, because it could only do harm.
    pub left_out: Vec<LeftOut>,
    entries: usize,
}

/// Whether there is an export in this path that is to be opened, and not a folder.
pub fn is_archive(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    archive::kind_of(&name).is_some() && !path.is_dir()
}

/// Lists an export.
///
/// # Errors
///
/// If it cannot be read, or is more than anybody exports.
pub fn open(path: &Path, store: &mut Store) -> Result<Listing, CollectError> {
    let mut listing = Listing::of_one(path);
    if listing.is_folder {
        folder::list(&mut listing)?;
        return Ok(listing);
    }
    let file = File::open(path).map_err(CollectError::read(path))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match archive::kind_of(&name).map(|(_, kind)| kind) {
        Some(Kind::Zip) => zip::list(file, &mut listing, store)?,
        Some(Kind::Tar) => tar::list(file, &mut listing, store)?,
        Some(Kind::TarGz) => tar::list_compressed(file, &mut listing, store)?,
        Some(Kind::Unknown) | None => {
            let why = "it is no .zip, .tar or .tar.gz".to_owned();
            return Err(listing.damaged(why));
        }
    }
    Ok(listing)
}

impl Listing {
    /// Of one hand-in, into which only the grader looks.
    pub(crate) fn of_one(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            is_folder: path.is_dir(),
            files: Vec::new(),
            folders: Vec::new(),
            left_out: Vec::new(),
            entries: 0,
        }
    }

    /// Takes a folder.
    fn folder(&mut self, raw: &str) -> Result<(), CollectError> {
        self.count()?;
        match Place::parse(raw) {
            Ok(Some(place)) if !place.is_junk() => self.folders.push(place),
            Ok(_) => {}
            Err(why) => self.leave_out(raw, why),
        }
        Ok(())
    }

    /// The place of a file, if it is one and may be handed in.
    fn admit(&mut self, raw: &str) -> Result<Option<Place>, CollectError> {
        self.count()?;
        match Place::parse(raw) {
            Ok(place) => Ok(place.filter(|place| !place.is_junk())),
            Err(why) => {
                self.leave_out(raw, why);
                Ok(None)
            }
        }
    }

    /// Takes a file of an archive, and unpacks of it what anybody needs.
    fn take(
        &mut self,
        place: Place,
        content: impl Read,
        store: &mut Store,
    ) -> Result<(), CollectError> {
        let content = match place.unpacked() {
            Unpacked::Name => None,
            Unpacked::UpTo(most) => match store.keep(content, most) {
                Ok(path) => Some(path),
                Err(store::Unkept::Read(error)) => {
                    self.leave_out(&place.text(), &format!("it cannot be unpacked: {error}"));
                    return Ok(());
                }
                Err(store::Unkept::Full(what)) => return Err(self.too_large(what)),
                Err(store::Unkept::Write(error)) => {
                    let path = store.path().to_owned();
                    return Err(CollectError::Scratch { path, error });
                }
            },
        };
        self.files.push(Entry { place, content });
        Ok(())
    }

    fn leave_out(&mut self, raw: &str, why: &str) {
        self.left_out.push(LeftOut {
            name: raw.to_owned(),
            why: why.to_owned(),
        });
    }

    fn count(&mut self) -> Result<(), CollectError> {
        self.entries += 1;
        match self.entries > ENTRIES_MAX {
            true => Err(self.too_large(format!("more than {ENTRIES_MAX} files and folders"))),
            false => Ok(()),
        }
    }

    fn too_large(&self, what: String) -> CollectError {
        let path = self.path.clone();
        CollectError::TooLarge { path, what }
    }

    fn damaged(&self, why: impl std::fmt::Display) -> CollectError {
        let why = terminal::line(&why.to_string());
        let path = self.path.clone();
        CollectError::Damaged { path, why }
    }

    /// The text of one of its files, as far as it is any.
    pub(crate) fn text(&self, entry: usize) -> io::Result<String> {
        let Some(path) = &self.files[entry].content else {
            return Ok(String::new());
        };
        let bytes = fs::read(path)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(text.trim_start_matches('\u{feff}').to_owned())
    }

    /// A few of the names in it, as they may be shown.
    pub fn sample(&self) -> String {
        const SHOWN: usize = 4;
        let names = self.files.iter().map(|file| file.place.text());
        let folders = self.folders.iter().map(|folder| folder.text() + "/");
        let all: Vec<String> = names.chain(folders).collect();
        let mut shown: Vec<String> = all.iter().take(SHOWN).map(|name| quoted(name)).collect();
        match all.len() {
            0 => return "nothing".to_owned(),
            count if count > SHOWN => shown.push(format!("and {} more", count - SHOWN)),
            _ => {}
        }
        shown.join(", ")
    }
}

fn quoted(name: &str) -> String {
    const LETTERS: usize = 80;
    format!("`{}`", terminal::cell(name, LETTERS))
}
