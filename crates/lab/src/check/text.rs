//! A verdict for people: 80 columns, and colour where there is a terminal.
//!
//! - [`lab`]: what became of each trace
//! - [`finding`]: the first thing that is wrong, explained
//! - [`closing`]: the sum, and what to do next

mod closing;
mod finding;
mod lab;

use anstyle::{AnsiColor, Style};
use vmsim::handlers::Hole;

use super::verdict::{Finding, Points, TraceVerdict, Verdict};
use crate::workspace::Workspace;

/// Columns of a terminal that nobody has made larger.
pub(crate) const WIDTH: usize = 80;

/// Columns of the names of facts.
const NAMES: usize = 12;

pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const WAITING: Style = AnsiColor::Yellow.on_default();
pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();

/// Said when there is nothing to say: what a student has seen is not all that is graded.
const ALL_PASS: &str = "all public checks pass; hidden traces are run at grading";

/// Said of a lab without code.
const GRADED_LATER: &str = "what is handed in for it is graded later";

/// The whole verdict.
pub(crate) fn of(workspace: &Workspace, verdict: &Verdict) -> String {
    let mut text = String::new();
    for lab in &verdict.labs {
        text += &lab::summary(lab, verdict);
    }
    if let Some(finding) = &verdict.finding
        && let Some(trace) = trace_of(verdict, finding)
    {
        text += "\n";
        text += &finding::of(workspace, finding, trace);
    }
    text += "\n";
    text += &closing::of(workspace, verdict);
    text
}

fn trace_of<'a>(verdict: &'a Verdict, finding: &Finding) -> Option<&'a TraceVerdict> {
    let mut labs = verdict.labs.iter();
    let lab = labs.find(|lab| lab.number == finding.lab)?;
    lab.traces.iter().find(|trace| trace.name == finding.trace)
}

/// `9 of 20 points; 11 wait`.
pub(crate) fn of_points(points: Points) -> String {
    let Points {
        passed,
        waiting,
        max,
    } = points;
    format!("{passed} of {max} points{}", of_waiting(waiting))
}

fn of_waiting(points: f64) -> String {
    match points > 0.0 {
        true => format!("; {points} wait"),
        false => String::new(),
    }
}

/// `9 of 20 points on public traces; 11 wait`.
pub(crate) fn of_all(points: Points) -> String {
    let Points {
        passed,
        waiting,
        max,
    } = points;
    format!(
        "{passed} of {max} points on public traces{}",
        of_waiting(waiting)
    )
}

/// Lines of so many columns that keep names whole.
pub(crate) fn unbroken(width: usize) -> textwrap::Options<'static> {
    textwrap::Options::new(width).word_splitter(textwrap::WordSplitter::NoHyphenation)
}

/// As much of a text as fits.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    match text.chars().count() > columns {
        true => text.chars().take(columns - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// `` `deliver` of lab 3 ``.
pub(crate) fn needed(hole: Option<&str>) -> String {
    match hole.and_then(Hole::named) {
        Some(hole) => format!("`{}` of lab {}", hole.name(), hole.lab()),
        None => "something that is not written yet".to_owned(),
    }
}

fn item(style: Style, label: &str, list: &str) -> String {
    let (indent, width) = (" ".repeat(NAMES + 2), WIDTH - NAMES - 2);
    let wrapped = textwrap::wrap(list, unbroken(width));
    let lines: Vec<&str> = wrapped.iter().map(AsRef::as_ref).collect();
    let list = lines.join(&format!("\n{indent}"));
    format!("  {style}{label:<NAMES$}{style:#}{list}\n")
}
