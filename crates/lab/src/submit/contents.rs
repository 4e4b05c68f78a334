//! What is in an archive, what that is worth as far as anybody knows at home, and what is
//! missing.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use course::catalogue::Lab;
use course::handed_in::{BELADY_TRACE, HANDLER_FILES, POLICY_FILE, PREDICTIONS, TRACE_ENDING};

use super::gather::{Gathered, Submission};
use crate::check::text::of_points;
use crate::check::verdict::Verdict;
use crate::exercises::malformed;
use crate::predict::sheet;
use crate::report::Failure;
use crate::workspace::{SOURCES, Workspace};

/// Tells of a submission of labs 1 to `last`, or of all. Without a verdict it does not
/// compile.
pub(super) fn text(
    workspace: &Workspace,
    submission: &Submission,
    verdict: Option<&Verdict>,
    last: Option<u8>,
) -> Result<String, Failure> {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(["file", "bytes", "lab", "at home"]);
    for file in &submission.files {
        let says = worth(workspace, file, verdict)?;
        table.add_row([
            file.name.clone(),
            file.text.len().to_string(),
            file.lab.to_string(),
            says,
        ]);
    }
    if let Some(bytes) = table.column_mut(1) {
        bytes.set_cell_alignment(CellAlignment::Right);
    }
    let mut text = format!("{}\n", table.trim_fmt());
    if verdict.is_none() {
        text += "\nIt does not compile: as it is, none of its code gets points.\n";
    }
    let missing = missing(workspace, submission, last);
    if !missing.is_empty() {
        text += &format!("\nmissing: {}\n", missing.join(", "));
    }
    if !submission.others.is_empty() {
        let others = submission.others.join(", ");
        text += &format!("\nnot handed in, because nobody asks for it: {others}\n");
    }
    text += "\nPoints are those on public traces; hidden traces are run at grading.\n";
    Ok(text)
}

/// What there is to say of a file.
fn worth(
    workspace: &Workspace,
    file: &Gathered,
    verdict: Option<&Verdict>,
) -> Result<String, Failure> {
    let lab = workspace
        .catalogue
        .labs
        .iter()
        .find(|lab| lab.number == file.lab);
    Ok(match (file.name.as_str(), lab) {
        (POLICY_FILE, _) => "for the leaderboard; gives no points".to_owned(),
        (PREDICTIONS, Some(lab)) => {
            let filled = sheet::filled(&file.text, &sheet::asked(lab)?);
            let complaints = match filled.complaints.len() {
                0 => String::new(),
                _ => format!("; some cannot be read: `cargo lab predict {}`", lab.number),
            };
            format!("{} of {} answered{complaints}", filled.answered, filled.of)
        }
        (name, Some(lab)) if HANDLER_FILES.contains(&name) => code(workspace, lab, verdict),
        (name, _) => match malformed(&workspace.root.join(SOURCES).join(name)) {
            None => "run at grading".to_owned(),
            Some(why) => format!("no trace, line {why}"),
        },
    })
}

/// What there is to say of a file of handlers.
fn code(workspace: &Workspace, lab: &Lab, verdict: Option<&Verdict>) -> String {
    let of = lab.holes.len();
    let holes = lab.holes.iter();
    let unwritten = holes
        .filter(|it| workspace.unwritten(it.hole).is_some())
        .count();
    let unwritten = match unwritten {
        0 => String::new(),
        all if all == of => return "as it was handed out: nothing is written yet".to_owned(),
        some => format!("; {some} of {of} functions not written yet"),
    };
    let verdict = verdict.and_then(|all| all.labs.iter().find(|it| it.number == lab.number));
    match verdict {
        None => format!("does not compile{unwritten}"),
        Some(verdict) => format!("{}{unwritten}", of_points(verdict.points.rounded())),
    }
}

/// What these labs ask for, and is not there.
fn missing(workspace: &Workspace, submission: &Submission, last: Option<u8>) -> Vec<String> {
    let labs = workspace.catalogue.labs.iter().map(|lab| lab.number);
    let labs: Vec<u8> = labs
        .filter(|&lab| last.is_none_or(|last| lab <= last))
        .collect();
    let has = |name: &str| submission.files.iter().any(|file| file.name == name);
    let handlers = (1..).zip(HANDLER_FILES);
    let asked = handlers.chain([(1, PREDICTIONS), (8, BELADY_TRACE)]);
    let mut missing: Vec<String> = asked
        .filter(|(lab, name)| labs.contains(lab) && !has(name))
        .map(|(lab, name)| format!("{SOURCES}/{name} (lab {lab})"))
        .collect();
    let is_of_lab_9 = |file: &Gathered| file.lab == 9 && file.name.ends_with(TRACE_ENDING);
    if labs.contains(&9) && !submission.files.iter().any(is_of_lab_9) {
        missing.push(format!("{SOURCES}/*.trace (lab 9)"));
    }
    missing
}
