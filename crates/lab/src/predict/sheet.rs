//! How far the sheet of predictions of lab 1 is filled in: never whether it is right.

use std::fs::{self, File};
use std::io::BufReader;

use course::catalogue::Lab;
use course::handed_in::PREDICTIONS;
use verdict::prediction::{ACCESSES, Given, VOCABULARY, given, is_known};
use verdict::sheet::Sheet;
use vmtrace::open::open;

use crate::report::Failure;
use crate::workspace::{SOURCES, Workspace};

/// How many questions are answered, and what is wrong with the sheet, line by line.
pub(crate) struct Filled {
    pub answered: usize,
    pub of: usize,
    pub complaints: Vec<(u64, String)>,
}

/// The sheet in words.
pub(super) fn state(workspace: &Workspace, lab: &Lab) -> Result<String, Failure> {
    let file = format!("{SOURCES}/{PREDICTIONS}");
    let text = fs::read_to_string(workspace.root.join(&file));
    let text = text.map_err(|error| Failure::BadInput(format!("{file}: {error}")))?;
    let Filled {
        answered,
        of,
        complaints,
    } = filled(&text, &asked(lab)?);
    let mut state = format!(
        "Your own predictions, {file}: {answered} of {of} questions answered. Whether they are \
         right\nis told at grading.\n"
    );
    for (line, complaint) in complaints {
        state += &format!("{file}:{line}: {complaint}\n");
    }
    Ok(state)
}

/// The lines that the sheet asks about.
pub(crate) fn asked(lab: &Lab) -> Result<Vec<u64>, Failure> {
    let path = lab.folder.join("predict.trace");
    let unreadable =
        |error: &dyn std::fmt::Display| Failure::Internal(format!("{}: {error}", path.display()));
    let trace = File::open(&path).map_err(|error| unreadable(&error))?;
    let trace = open(BufReader::new(trace)).map_err(|error| unreadable(&error))?;
    let lines: Result<Vec<_>, _> = trace.collect();
    let lines = lines.map_err(|error| unreadable(&error))?;
    let accesses = lines.iter().filter(|line| line.event.op.is_access());
    Ok(accesses.map(|line| line.number).collect())
}

/// Looks at a sheet that asks about these lines of its trace.
pub(crate) fn filled(text: &str, asked: &[u64]) -> Filled {
    let mut sheet = Sheet::read(PREDICTIONS, text);
    let questions: Vec<(String, String)> = sheet
        .answers()
        .filter(|(section, name, _)| is_asked(section, name, asked))
        .map(|(section, name, _)| (section.to_owned(), name.to_owned()))
        .collect();
    let mut filled = Filled {
        answered: 0,
        of: questions.len(),
        complaints: Vec::new(),
    };
    for (section, name) in &questions {
        let Some(answer) = sheet.take(section, name) else {
            continue;
        };
        let wrong = match given(Some(answer)) {
            Given::Nothing => continue,
            Given::Unreadable { at, why } => Some((at, why)),
            Given::Text { at, text } => is_known(section, &text).err().map(|why| (at, why)),
        };
        filled.answered += usize::from(wrong.is_none());
        filled
            .complaints
            .extend(wrong.map(|(at, why)| (at.line, why)));
    }
    let others = sheet.complaints().into_iter();
    filled.complaints.extend(others.map(|(at, why)| {
        let line = at.rsplit(':').next().and_then(|line| line.parse().ok());
        (line.unwrap_or(1), why)
    }));
    filled.complaints.sort();
    filled
}

fn is_asked(section: &str, name: &str, asked: &[u64]) -> bool {
    match section {
        VOCABULARY => true,
        ACCESSES => name.parse().is_ok_and(|line| asked.contains(&line)),
        _ => false,
    }
}
