//! What is handed in and is no handler: whether it is there, and well-formed. What it is
//! worth is found at grading: the answers are not here. Belady's anomaly needs none, so it
//! is looked for with the student's own handlers.

use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use course::catalogue::{Exercise, ExerciseKind, Lab, Limits};
use course::handed_in::{BELADY_TRACE, PREDICTIONS, TRACE_ENDING};
use runner::log::Oracle;
use verdict::end::End;
use verdict::prediction::{Given, given, is_known};
use verdict::sheet::Sheet;
use vmtrace::open::open;

use crate::check::launch;
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
    /// It is there and well-formed, and does not show what it should.
    Unconvincing(String),
    /// All of it is there, and well-formed.
    HandedIn(String),
}

/// Looks at an exercise.
pub(crate) fn look(
    workspace: &Workspace,
    program: &Path,
    lab: &Lab,
    exercise: &Exercise,
) -> Standing {
    let folder = workspace.root.join(SOURCES);
    match exercise.kind {
        ExerciseKind::Predict => predictions(&folder.join(PREDICTIONS)),
        ExerciseKind::Belady => belady(&folder.join(BELADY_TRACE), program, lab.limits),
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

fn belady(path: &Path, program: &Path, limits: Limits) -> Standing {
    let Ok(text) = fs::read_to_string(path) else {
        return Standing::Missing(format!("{SOURCES}/{BELADY_TRACE}"));
    };
    if let Some(why) = malformed(path) {
        return Standing::Malformed(format!("{BELADY_TRACE}:{why}"));
    }
    let Some(frames) = frames(&text) else {
        return Standing::Malformed(format!("{BELADY_TRACE}: begin with `machine frames=N`"));
    };
    let larger = text.replacen(
        &format!("frames={frames}"),
        &format!("frames={}", frames + 1),
        1,
    );
    let counts = [&text, &larger].map(|trace| page_ins(program, trace, limits));
    match counts {
        [Some(few), Some(more)] => {
            let with = frames + 1;
            match more > few {
                true => Standing::HandedIn(format!(
                    "{few} page-ins with {frames} frames, {more} with {with}"
                )),
                false => Standing::Unconvincing(format!(
                    "{few} page-ins with {frames} frames, only {more} with {with}"
                )),
            }
        }
        // Some handler that it needs is not written, or wrong: that is told elsewhere.
        _ => Standing::HandedIn(BELADY_TRACE.to_owned()),
    }
}

/// How many frames a trace asks for.
fn frames(text: &str) -> Option<u32> {
    let mut lines = text.lines().map(str::trim);
    let machine = lines.find(|line| line.starts_with("machine "))?;
    let mut words = machine.split_whitespace();
    words.find_map(|word| word.strip_prefix("frames=")?.parse().ok())
}

/// How many faults read a device, with FIFO. None if the run does not come to its end.
fn page_ins(program: &Path, trace: &str, limits: Limits) -> Option<usize> {
    let run = launch::run_with_fifo(program, trace.as_bytes(), limits).ok()?;
    let of_events = run.records.iter().filter(|record| record.line > 0);
    let classes = of_events.flat_map(|record| record.column(Oracle::Class).split(" then "));
    let major = classes.filter(|class| class.starts_with("major")).count();
    (run.end == End::Passed).then_some(major)
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
pub(crate) fn malformed(path: &Path) -> Option<String> {
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
