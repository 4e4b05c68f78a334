//! The student's files that grading takes.

use std::fs;

use course::handed_in::{
    ATTACHMENTS_MAX, BELADY_TRACE, HANDLER_FILES, POLICY_FILE, PREDICTIONS, SOURCE_NAME_BYTES_MAX,
    TRACE_ENDING, counts, is_code, text_of,
};

use crate::report::Failure;
use crate::workspace::{SOURCES, Workspace};

/// What is in the folder and is not the student's.
const NOT_THEIRS: &str = "main.rs";

/// Characters of a trace's name besides letters and digits: what any system takes.
const NAME_CHARACTERS: &str = "-_.+ ";

/// A file that is handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gathered {
    pub name: String,
    pub text: String,
    /// The lab that it belongs to.
    pub lab: u8,
}

/// What is handed in, and what lies beside it.
pub(super) struct Submission {
    /// Sorted by name.
    pub files: Vec<Gathered>,
    /// Names of files that grading knows nothing of.
    pub others: Vec<String>,
}

/// The files of labs 1 to `last`, or of all.
pub(super) fn gather(workspace: &Workspace, last: Option<u8>) -> Result<Submission, Failure> {
    let mut submission = Submission {
        files: Vec::new(),
        others: Vec::new(),
    };
    for name in names(workspace)? {
        if !counts(&name) {
            submission.others.push(name);
            continue;
        }
        let lab = lab_of(&name);
        if last.is_none_or(|last| lab <= last) {
            let text = read(workspace, &name)?;
            submission.files.push(Gathered { name, text, lab });
        }
    }
    alike(&submission.files)?;
    let attachments = submission.files.iter().filter(|file| !is_code(&file.name));
    match attachments.count() {
        0..=ATTACHMENTS_MAX => Ok(submission),
        many => Err(Failure::BadInput(format!(
            "{SOURCES}: {many} traces and sheets, at most {ATTACHMENTS_MAX} are taken\nhelp: keep \
             those that show something, and move the others away"
        ))),
    }
}

fn names(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let unreadable = |error: std::io::Error| Failure::BadInput(format!("{SOURCES}: {error}"));
    let mut names = Vec::new();
    for entry in fs::read_dir(workspace.root.join(SOURCES)).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_file() && name != NOT_THEIRS {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// The lab that a file belongs to.
fn lab_of(name: &str) -> u8 {
    let handlers = HANDLER_FILES.iter().position(|file| *file == name);
    match (handlers, name) {
        (Some(at), _) => at as u8 + 1,
        (None, PREDICTIONS) => 1,
        (None, POLICY_FILE | BELADY_TRACE) => 8,
        _ => 9,
    }
}

/// The text of a file, if grading would take it.
fn read(workspace: &Workspace, name: &str) -> Result<String, Failure> {
    let file = format!("{SOURCES}/{name}");
    let bytes = fs::read(workspace.root.join(&file));
    let bytes = bytes.map_err(|error| Failure::BadInput(format!("{file}: {error}")))?;
    let text = text_of(name, &bytes)
        .map_err(|why| Failure::BadInput(format!("{file}: {why}\nhelp: hand in plain text")))?;
    if name.ends_with(TRACE_ENDING) {
        fit(name)?;
    }
    match scan::forbidden(text).filter(|_| is_code(name)) {
        Some(found) => {
            let said = found.render(&file);
            let said = said.strip_prefix("error: ").unwrap_or(&said);
            Err(Failure::BadInput(said.trim_end().to_owned()))
        }
        None => Ok(text.to_owned()),
    }
}

/// Whether every system takes the name for what it is.
fn fit(name: &str) -> Result<(), Failure> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || NAME_CHARACTERS.contains(c);
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    let is_device = ["con", "prn", "aux", "nul"].contains(&stem.as_str())
        || ["com", "lpt"].iter().any(|device| {
            let number = stem.strip_prefix(device);
            number.is_some_and(|number| number.len() == 1)
        });
    if name.len() <= SOURCE_NAME_BYTES_MAX && name.chars().all(is_plain) && !is_device {
        return Ok(());
    }
    Err(Failure::BadInput(format!(
        "{SOURCES}/{}: not a name for a trace that is handed in\nhelp: letters, digits and hyphens, \
         at most {SOURCE_NAME_BYTES_MAX} of them, and no device of Windows such as `aux`",
        name.escape_debug()
    )))
}

/// Two names that are one on some systems.
fn alike(files: &[Gathered]) -> Result<(), Failure> {
    for (at, file) in files.iter().enumerate() {
        let folded = file.name.to_lowercase();
        let mut earlier = files[..at].iter();
        if let Some(other) = earlier.find(|other| other.name.to_lowercase() == folded) {
            return Err(Failure::BadInput(format!(
                "{SOURCES}/{}: on some systems the same as `{}`\nhelp: rename one of the two",
                file.name, other.name
            )));
        }
    }
    Ok(())
}
