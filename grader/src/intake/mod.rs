//! Submissions: whose they are, and the files that count.
//!
//! A submission is a folder, a git checkout or an archive. Of whatever a student hands
//! in, only the handler files and what belongs to an exercise are taken; everything else
//! is ignored, and reported. What could only be there to do harm refuses the whole.
//!
//! Each file is read once, into memory, and that is the private copy: it is hashed and
//! compiled from there, and nothing of the original is looked at again.
//!
//! In reading order, along the data's way:
//!
//! - [`limits`]: what a submission may cost
//! - [`refusal`]: why one is refused, in words that are safe to show
//! - `names`: names of entries, and which of them are one
//! - `harvest`: one policy for the entries of folders and archives
//! - `folder`: submissions that are folders
//! - [`archive`]: submissions that are archives
//! - `choose`: what counts, wherever it stands
//! - [`hash`]: the number of what was graded
//! - [`ids`]: whose a submission is, and the name of its results

pub mod limits;
pub mod refusal;

mod names;

mod harvest;

mod folder;

pub mod archive;

mod choose;

pub mod hash;
pub mod ids;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use course::handed_in::{
    ATTACHMENTS_MAX, HANDLER_FILES, PLACES, POLICY_FILE, PREDICTIONS, TRACE_ENDING,
};

use self::archive::Kind;
use self::harvest::Harvest;
use self::hash::SourceHash;
use self::limits::ARCHIVE_BYTES_MAX;
use self::refusal::{Refusal, shown};

/// A submission, as it was handed in.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Whose: the name of the folder, or of the archive without its ending.
    pub id: String,
    /// The folder or archive.
    pub path: PathBuf,
}

/// What a submission contains.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Name and text of each handler file.
    pub files: Vec<(&'static str, String)>,
    /// The text of `policy.rs`.
    pub policy: Option<String>,
    /// Name and text of what belongs to an exercise: `predict.toml`, and traces.
    pub attachments: Vec<(String, String)>,
    /// What belongs to an exercise and cannot be read: its name, and why. That is
    /// nothing against the code.
    pub unreadable: Vec<(String, String)>,
    /// What was ignored, by the names that it had: whoever shows them, escapes them.
    pub ignored: Vec<String>,
}

/// A path is no submission and holds none.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The path cannot be read.
    #[error(
        "{}: {error}\nhelp: give a submission's folder or archive, or the folder of all of them",
        path.display()
    )]
    Read {
        /// The path.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// No file that counts is anywhere in it.
    #[error(
        "{}: no submission here\nhelp: a submission is a folder with lab1.rs to lab8.rs, \
         predict.toml or traces, in itself, in src/ or in labs/skeleton/src/, or a .zip, .tar \
         or .tar.gz of such a folder",
        .0.display()
    )]
    Nothing(PathBuf),
    /// Two submissions have one name.
    #[error("two submissions are called `{}`\nhelp: grade them in two runs, or rename one of them", shown(.0.as_bytes()))]
    Twice(String),
}

/// Finds the submissions in a path: the path itself, which may be an archive, or each of
/// its folders and archives.
///
/// A folder of a class without any handler file is a submission all the same, and
/// gets what the skeleton gets: whoever put the files in the wrong place is in the
/// table, and is told. A folder that has nothing but one archive is that archive, as
/// course systems have a folder for each student. Other files of a class are no
/// submissions.
///
/// # Errors
///
/// If the path cannot be read, or holds no submission.
pub fn find(path: &Path) -> Result<Vec<Submission>, IntakeError> {
    let read = |error| IntakeError::Read {
        path: path.to_owned(),
        error,
    };
    // A path that somebody typed may be a link; what is in it may not.
    let typed = path.canonicalize().map_err(read)?;
    let path = match path.is_symlink() {
        true => typed.as_path(),
        false => path,
    };
    if is_archive(path) || has_handlers(path) {
        return Ok(vec![Submission::at(path)]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(read)? {
        let path = entry.map_err(read)?.path();
        if is_archive(&path) {
            found.push(Submission::at(&path));
        } else if path.is_dir() && !is_junk(&path) {
            found.push(of_class(&path));
        }
    }
    if found.is_empty() {
        return only_exercises(path).map(|alone| vec![alone]);
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

/// A folder of a class: a submission, or the folder around one that is an archive.
fn of_class(folder: &Path) -> Submission {
    let mut submission = Submission::at(folder);
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut entries = entries
        .map(|entry| entry.path())
        .filter(|path| !is_junk(path));
    if let (Some(archive), None) = (entries.next(), entries.next())
        && is_archive(&archive)
        && !folder.is_symlink()
    {
        submission.path = archive;
    }
    submission
}

fn is_archive(path: &Path) -> bool {
    kind_of(path).is_some() && !path.is_dir()
}

fn kind_of(path: &Path) -> Option<Kind> {
    let name = path.file_name()?.to_string_lossy();
    archive::kind_of(&name).map(|(_, kind)| kind)
}

fn is_junk(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    names::Name::parse(name).is_ok_and(|name| name.junk().is_some())
}

/// Whatever has the name of a handler file and is no folder: if it is no file either,
/// its reader will say so.
fn has_handlers(folder: &Path) -> bool {
    let is_there = |path: PathBuf| path.symlink_metadata().is_ok_and(|about| !about.is_dir());
    let mut places = PLACES.iter().map(|place| folder.join(place));
    places.any(|place| HANDLER_FILES.iter().any(|file| is_there(place.join(file))))
}

/// A folder without any folder is no class: it may be a submission without code.
fn only_exercises(path: &Path) -> Result<Submission, IntakeError> {
    let names = fs::read_dir(path).into_iter().flatten().flatten();
    let mut names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    match names.any(|name| name == PREDICTIONS || name.ends_with(TRACE_ENDING)) {
        true => Ok(Submission::at(path)),
        false => Err(IntakeError::Nothing(path.to_owned())),
    }
}

/// Finds the submissions in several paths.
///
/// # Errors
///
/// If one of them has none, or two submissions have one name.
pub fn find_all(paths: &[PathBuf]) -> Result<Vec<Submission>, IntakeError> {
    let mut all: Vec<Submission> = Vec::new();
    for path in paths {
        for submission in find(path)? {
            if all.iter().any(|other| other.id == submission.id) {
                return Err(IntakeError::Twice(submission.id));
            }
            all.push(submission);
        }
    }
    Ok(all)
}

impl Sources {
    /// The text of a handler file, if it was handed in.
    pub fn handlers(&self, file: &str) -> Option<&String> {
        let mut files = self.files.iter();
        files.find(|(name, _)| *name == file).map(|(_, text)| text)
    }

    fn has_room(&self) -> bool {
        self.attachments.len() + self.unreadable.len() < ATTACHMENTS_MAX
    }

    /// The text of a file of an exercise, or why it cannot be read; none if it was
    /// not handed in.
    pub fn attachment(&self, name: &str) -> Option<Result<&str, &str>> {
        let of = |files: &'_ [(String, String)]| files.iter().position(|(file, _)| file == name);
        let text = of(&self.attachments).map(|at| Ok(self.attachments[at].1.as_str()));
        text.or_else(|| of(&self.unreadable).map(|at| Err(self.unreadable[at].1.as_str())))
    }

    /// The number of all that was taken, and of why something could not be: whatever is
    /// graded differently has another one.
    pub fn hash(&self) -> SourceHash {
        let code = self.files.iter().map(|(name, text)| (*name, text.as_str()));
        let policy = self.policy.as_deref().map(|text| (POLICY_FILE, text));
        let mut files: Vec<(&str, &str)> = code.chain(policy).collect();
        files.extend(self.attachments.iter().map(pair));
        files.sort_unstable();
        let mut unreadable: Vec<(&str, &str)> = self.unreadable.iter().map(pair).collect();
        unreadable.sort_unstable();
        // No file has no name, so that no text can pass for the reason why there is none.
        let divided = (!unreadable.is_empty()).then_some(("", "cannot be read"));
        SourceHash::of(files.into_iter().chain(divided).chain(unreadable))
    }

    /// Whether nothing that counts was handed in.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
            && self.policy.is_none()
            && self.attachments.is_empty()
            && self.unreadable.is_empty()
    }
}

fn pair((name, text): &(String, String)) -> (&str, &str) {
    (name, text)
}

/// An archive is in memory as a whole while it is read: one of them, however many
/// submissions are graded at a time.
static ONE_ARCHIVE: Mutex<()> = Mutex::new(());

impl Submission {
    /// What is handed in there, and whose it is by its name.
    pub fn at(path: &Path) -> Self {
        Self {
            id: ids::of(path),
            path: path.to_owned(),
        }
    }

    /// Reads the files that count.
    ///
    /// # Errors
    ///
    /// If it is refused: with the entry, and the reason.
    pub fn read(&self) -> Result<Sources, Refusal> {
        choose::choose(self.harvest()?, None)
    }

    /// The same, where `handout` has the files as they were handed out: of two files of
    /// one name, the one that is still the same there does not count.
    ///
    /// # Errors
    ///
    /// If it is refused.
    pub fn read_beside(&self, handout: &Path) -> Result<Sources, Refusal> {
        choose::choose(self.harvest()?, Some(handout))
    }

    /// Whether it may have a file of this name, as far as names tell that nobody has
    /// read yet. Of an archive they tell nothing.
    pub fn may_have(&self, file: &str) -> bool {
        let is_there = |place: &&str| self.path.join(place).join(file).is_file();
        !self.path.is_dir() || PLACES.iter().any(is_there)
    }

    fn harvest(&self) -> Result<Harvest, Refusal> {
        let unreadable = |error: io::Error| {
            let why = format!("the submission cannot be read: {error}");
            Refusal::whole(why, "hand in a plain folder or archive, and no link to one")
        };
        match kind_of(&self.path) {
            Some(kind) if !self.path.is_dir() => {
                let file = folder::open_file(&self.path).map_err(unreadable)?;
                let _others_wait = ONE_ARCHIVE.lock().unwrap_or_else(PoisonError::into_inner);
                let bytes = folder::read_all(file, ARCHIVE_BYTES_MAX).map_err(unreadable)?;
                archive::harvest(&bytes.ok_or_else(archive::oversized)?, kind)
            }
            _ => folder::read(&folder::open_folder(&self.path).map_err(unreadable)?),
        }
    }
}
