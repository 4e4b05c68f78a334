//! A handout, from the workspace to the disk.
//!
//! Everything is made and looked at in a folder of its own beside the place where the
//! handout is to go, and moved there at the end. Whatever goes wrong before, nothing is
//! left.

use std::fs;
use std::io;
use std::path::{self, Path, PathBuf};

use tempfile::TempDir;

use crate::allow::Allow;
use crate::archive;
use crate::history;
use crate::labs::{self, Numbers};
use crate::leaks::{self, Look};
use crate::pack::{Changed, Order, Play};
use crate::parcel::Parcel;
use crate::refusal::{Refusal, io_error, refuse};
use crate::sources::Sources;

/// Where cargo puts what it builds, below the workspace's root.
const TARGET: &str = "target";

/// What is asked for.
pub struct Wish<'a> {
    /// The instructor's workspace.
    pub root: &'a Path,
    /// Where the handout goes.
    pub out: &'a Path,
    /// Which labs; all if none are named.
    pub labs: Option<&'a Numbers>,
    /// Whether it begins with a commit.
    pub history: History,
    /// Whether it is written as an archive, too.
    pub archive: Archive,
    /// What if a file is in no commit as it is.
    pub changed: Changed,
    /// Who makes films.
    pub film: Play<'a>,
    /// Who makes logs, which answer keys are.
    pub log: Play<'a>,
    /// A last look at the finished files, in a folder that may be spoiled: the proof.
    pub prove: &'a dyn Fn(&Path) -> Result<(), Refusal>,
}

/// Whether a handout is a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// With one commit.
    OneCommit,
    /// It is none.
    Without,
}

/// Whether a handout is an archive, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Archive {
    /// A zip file beside the folder.
    Zip,
    /// The folder alone.
    Without,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The folder.
    pub folder: PathBuf,
    /// The archive.
    pub archive: Option<PathBuf>,
    /// The numbers of its labs.
    pub labs: Vec<u8>,
    /// How many files it has, and their bytes.
    pub files: usize,
    /// How many bytes these are.
    pub bytes: usize,
}

/// Makes a handout.
///
/// # Errors
///
/// If it would tell what it must not, or anything is not as it must be. Then nothing is
/// written.
pub fn make(wish: &Wish<'_>) -> Result<Made, Refusal> {
    let zipped = wish.zipped();
    is_outside(wish.out, wish.root)?;
    is_free(wish.out)?;
    if let Some(zipped) = zipped.as_deref().filter(|zipped| zipped.exists()) {
        return Err(Refusal::Occupied(zipped.to_owned()));
    }
    let sources = Sources::of(wish.root)?;
    let allow = Allow::read(&sources)?;
    let all = labs::all(&sources)?;
    let chosen = labs::choose(&all, wish.labs)?;
    let order = Order {
        sources: &sources,
        allow: &allow,
        labs: &chosen,
        film: wish.film,
        log: wish.log,
        changed: wish.changed,
    };
    let parcel = order.pack()?;
    refuse(leaks::check(Look {
        sources: &sources,
        allow: &allow,
        labs: &all,
        parcel: &parcel,
    })?)?;
    wish.write(&parcel, zipped.as_deref())?;
    Ok(Made {
        folder: wish.out.to_owned(),
        archive: zipped,
        labs: chosen.iter().map(|lab| lab.number).collect(),
        files: parcel.len(),
        bytes: parcel.files().map(|(_, bytes)| bytes.len()).sum(),
    })
}

/// Nothing is there, or an empty folder.
fn is_free(out: &Path) -> Result<(), Refusal> {
    let occupied = match fs::read_dir(out) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    };
    match occupied {
        true => Err(Refusal::Occupied(out.to_owned())),
        false => Ok(()),
    }
}

/// A handout in the workspace would be a part of it: cargo would look for its crates, and
/// the next handout would have to decide about it. What cargo builds is no part.
fn is_outside(out: &Path, root: &Path) -> Result<(), Refusal> {
    let out = path::absolute(out).map_err(io_error(out))?;
    // A folder that is there may be called by another name.
    let mut around = out
        .ancestors()
        .filter_map(|folder| folder.canonicalize().ok());
    let is_inside = root.canonicalize().is_ok_and(|root| {
        let target = root.join(TARGET);
        around.next().is_some_and(|it| {
            it.starts_with(&root) && !it.starts_with(&target) && !out.starts_with(&target)
        })
    });
    match is_inside {
        true => Err(Refusal::Inside(out)),
        false => Ok(()),
    }
}

impl Wish<'_> {
    /// The archive's place: beside the folder, and named after it.
    fn zipped(&self) -> Option<PathBuf> {
        (self.archive == Archive::Zip).then(|| {
            let mut name = self.out.file_name().unwrap_or_default().to_owned();
            name.push(".zip");
            self.out.with_file_name(name)
        })
    }

    /// Writes everything beside its place, has it proved, and moves it there.
    fn write(&self, parcel: &Parcel, zipped: Option<&Path>) -> Result<(), Refusal> {
        let beside = match self.out.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(beside).map_err(io_error(beside))?;
        let partial = tempfile::Builder::new()
            .prefix(".handout-")
            .tempdir_in(beside)
            .map_err(io_error(beside))?;
        let folder = partial.path().join("folder");
        parcel.write(&folder).map_err(io_error(&folder))?;
        prove(parcel, self.prove)?;
        if self.history == History::OneCommit {
            history::begin(&folder, parcel)?;
        }
        let archive = partial.path().join("zip");
        if let Some(zipped) = zipped {
            archive::write(&folder, &archive)?;
            fs::rename(&archive, zipped).map_err(io_error(zipped))?;
        }
        // An empty folder may be there; nothing else can be removed like this.
        let _absent = fs::remove_dir(self.out);
        fs::rename(&folder, self.out).map_err(io_error(self.out))
    }
}

/// Has a copy proved, so that nothing which the proof leaves behind is handed out.
fn prove(parcel: &Parcel, prove: &dyn Fn(&Path) -> Result<(), Refusal>) -> Result<(), Refusal> {
    let copy = TempDir::new().map_err(io_error(Path::new("a temporary folder")))?;
    parcel.write(copy.path()).map_err(io_error(copy.path()))?;
    prove(copy.path())
}
