//! Submissions: whose they are, and the files that count.
//!
//! Of whatever a student hands in, only the handler files and what belongs to an
//! exercise are taken, into a folder of our own; everything else is ignored, and
//! reported.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The largest source file that is accepted, in bytes.
pub const SOURCE_BYTES_MAX: u64 = 256 << 10;

/// Files of exercises that are taken from a submission; more are ignored.
pub const ATTACHMENTS_MAX: usize = 40;

/// Where a handler file may stand in a submission: handed in flat, as a crate, or
/// as the whole workspace of the handout.
const PLACES: [&str; 3] = ["", "src", "labs/skeleton/src"];

/// The handler files: `lab1.rs` to `lab8.rs`.
pub const HANDLER_FILES: [&str; 8] = [
    "lab1.rs", "lab2.rs", "lab3.rs", "lab4.rs", "lab5.rs", "lab6.rs", "lab7.rs", "lab8.rs",
];

/// A replacement policy of the student's own: for the leaderboard, and for no points.
pub const POLICY_FILE: &str = "policy.rs";

/// The predictions of lab 1.
pub const PREDICTIONS: &str = "predict.toml";

/// A submission, as it was handed in.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Whose: the folder's name.
    pub id: String,
    /// The folder that has the handler files.
    pub folder: PathBuf,
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
    /// What was ignored.
    pub ignored: Vec<String>,
}

/// A path is no submission and holds none.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The path cannot be read.
    #[error(
        "{}: {error}\nhelp: give a submission's folder, or the folder of all submissions",
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
         predict.toml or traces, in itself, in src/ or in labs/skeleton/src/",
        .0.display()
    )]
    Nothing(PathBuf),
    /// Two submissions have one name.
    #[error("two submissions are called `{0}`\nhelp: grade them in two runs, or rename a folder")]
    Twice(String),
}

/// Finds the submissions in a path: the path itself, or each of its folders.
///
/// A folder of a class without any handler file is a submission all the same, and
/// gets what the skeleton gets: whoever put the files in the wrong place is in the
/// table, and is told. Files of a class are no submissions.
///
/// # Errors
///
/// If the path cannot be read, or holds no submission.
pub fn find(path: &Path) -> Result<Vec<Submission>, IntakeError> {
    if let Some(submission) = submission(path) {
        return Ok(vec![submission]);
    }
    let read = |error| IntakeError::Read {
        path: path.to_owned(),
        error,
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(read)? {
        let folder = entry.map_err(read)?.path();
        if folder.is_dir() {
            // A folder without handler files is an empty submission, not nothing.
            let id = name_of(&folder);
            found.push(submission(&folder).unwrap_or(Submission { id, folder }));
        }
    }
    if found.is_empty() {
        return only_exercises(path).map(|alone| vec![alone]);
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

/// A folder without any folder is no class: it may be a submission without code.
fn only_exercises(path: &Path) -> Result<Submission, IntakeError> {
    let names = fs::read_dir(path).into_iter().flatten().flatten();
    let mut names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    match names.any(|name| is_attachment(&name)) {
        true => Ok(Submission {
            id: name_of(path),
            folder: path.to_owned(),
        }),
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

    /// Whether nothing that counts was handed in.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
            && self.policy.is_none()
            && self.attachments.is_empty()
            && self.unreadable.is_empty()
    }
}

impl Submission {
    /// Reads the files that count.
    ///
    /// # Errors
    ///
    /// With the reason if a handler file cannot be accepted.
    pub fn read(&self) -> Result<Sources, String> {
        let mut sources = Sources::default();
        let entries = fs::read_dir(&self.folder).map_err(|error| error.to_string())?;
        let mut names: Vec<String> = entries
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into())
            .collect();
        names.sort();
        for name in names {
            match HANDLER_FILES.iter().find(|file| **file == name) {
                Some(file) => sources
                    .files
                    .push((file, read_source(&self.folder.join(file))?)),
                None if name == POLICY_FILE => {
                    sources.policy = Some(read_source(&self.folder.join(&name))?);
                }
                None if is_attachment(&name) && sources.has_room() => {
                    match read_source(&self.folder.join(&name)) {
                        Ok(text) => sources.attachments.push((name, text)),
                        Err(why) => sources.unreadable.push((name, why)),
                    }
                }
                None => sources.ignored.push(name),
            }
        }
        Ok(sources)
    }
}

fn is_attachment(name: &str) -> bool {
    name == PREDICTIONS || name.ends_with(".trace")
}

fn submission(path: &Path) -> Option<Submission> {
    let has_handlers = |folder: &PathBuf| HANDLER_FILES.iter().any(|f| folder.join(f).is_file());
    let folder = PLACES
        .iter()
        .map(|place| path.join(place))
        .find(has_handlers)?;
    Some(Submission {
        id: name_of(path),
        folder,
    })
}

fn name_of(path: &Path) -> String {
    let full = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    full.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Reads one file, which must be a plain one of bearable size.
fn read_source(path: &Path) -> Result<String, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let about = fs::symlink_metadata(path).map_err(|error| format!("{name}: {error}"))?;
    if !about.is_file() {
        return Err(format!("{name}: not a regular file"));
    }
    if about.len() > SOURCE_BYTES_MAX {
        return Err(format!(
            "{name}: {} bytes, at most {SOURCE_BYTES_MAX}",
            about.len()
        ));
    }
    fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))
}
