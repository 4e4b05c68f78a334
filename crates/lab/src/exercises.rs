//! What is handed in and is no handler: whether it is there, and well-formed. What it is
//! worth is found at grading: the answers are not here.

use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use course::catalogue::ExerciseKind;
use course::handed_in::{BELADY_TRACE, PREDICTIONS, TRACE_ENDING};
use verdict::prediction::{Given, given, is_known};
use verdict::sheet::Sheet;
use vmtrace::open::open;

use crate::workspace::{SOURCES, Workspace};

/// How an exercise stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing is there; and where it should be.
    Missing(String),
    /// Something is wrong: where, and what.
    Malformed(String),
    /// Some of it is there.
    Begun(String),
    /// All of it is there, and well-formed.
    HandedIn(String),
}

/// Looks at an exercise.
pub(crate) fn look(workspace: &Workspace, kind: ExerciseKind) -> Standing {
    let folder = workspace.root.join(SOURCES);
    match kind {
        ExerciseKind::Predict => predictions(&folder.join(PREDICTIONS)),
        ExerciseKind::Belady => belady(&folder.join(BELADY_TRACE)),
        ExerciseKind::BreakIt => suite(&folder),
    }
}

fn predictions(path: &Path) -> Standing {
    let Ok(text) = fs::read_to_string(path) else {
        return Standing::Missing(format!("{SOURCES}/{PREDICTIONS}"));
    };
    let sheet = Sheet::read(PREDICTIONS, &text);
    let (mut all, mut answered) = (0, 0);
    for (section, _, answer) in sheet.answers() {
        all += 1;
        let wrong = match given(Some(answer.clone())) {
            Given::Nothing => continue,
            Given::Unreadable { at, why } => Some((at, why)),
            Given::Text { at, text } => is_known(section, &text).err().map(|why| (at, why)),
        };
        answered += 1;
        if let Some((at, why)) = wrong {
            return Standing::Malformed(format!("{at}: {}", first_line(&why)));
        }
    }
    match answered {
        0 => Standing::Missing("cargo lab predict".to_owned()),
        _ if answered == all => Standing::HandedIn(format!("all {all} answers")),
        _ => Standing::Begun(format!("{answered} of {all} answers")),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn belady(path: &Path) -> Standing {
    match path.is_file() {
        false => Standing::Missing(format!("{SOURCES}/{BELADY_TRACE}")),
        true => match malformed(path) {
            Some(why) => Standing::Malformed(format!("{BELADY_TRACE}:{why}")),
            None => Standing::HandedIn(BELADY_TRACE.to_owned()),
        },
    }
}

/// All traces but that of lab 8.
fn suite(folder: &Path) -> Standing {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut traces: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(TRACE_ENDING) && name != BELADY_TRACE
        })
        .collect();
    traces.sort();
    for path in &traces {
        if let Some(why) = malformed(path) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            return Standing::Malformed(format!("{name}:{why}"));
        }
    }
    match traces.len() {
        0 => Standing::Missing(format!("{SOURCES}/*{TRACE_ENDING}")),
        1 => Standing::HandedIn("1 trace".to_owned()),
        many => Standing::HandedIn(format!("{many} traces")),
    }
}

/// The first mistake in a trace: its line, and what is wrong.
fn malformed(path: &Path) -> Option<String> {
    let file = match fs::File::open(path) {
        Ok(file) => BufReader::new(file),
        Err(error) => return Some(format!(" {error}")),
    };
    let mut lines = match open(file) {
        Ok(lines) => lines,
        Err(error) => return Some(first_line(&error.to_string()).to_owned()),
    };
    let error = lines.find_map(Result::err)?;
    Some(first_line(&error.to_string()).to_owned())
}
