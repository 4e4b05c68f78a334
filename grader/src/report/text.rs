//! Results for the terminal.

use std::fmt::Write;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, Table};

use crate::end::End;
use crate::result::{ClassResult, DifferenceResult, SubmissionResult, TraceResult};

/// Lines of a compiler's message that are shown.
const COMPILER_LINES: usize = 12;

/// The class as a table, and each submission's first failure explained.
pub fn render(class: &ClassResult) -> String {
    let mut text = format!("{}\n", table(class));
    for submission in class.submissions.iter().filter(|s| s.end != End::Passed) {
        let _infallible = writeln!(text, "\n{}", explain(submission));
    }
    text
}

fn table(class: &ClassResult) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    let labs = class
        .submissions
        .iter()
        .map(|s| &s.labs)
        .find(|labs| !labs.is_empty());
    let numbers: Vec<u8> = labs.into_iter().flatten().map(|lab| lab.number).collect();
    let mut head = vec![
        "submission".to_owned(),
        "end".to_owned(),
        "score".to_owned(),
    ];
    head.extend(numbers.iter().map(|number| format!("lab {number}")));
    table.set_header(head);
    for submission in &class.submissions {
        let mut row = vec![
            visible(&submission.id),
            submission.end.to_string(),
            format!("{:.2} / {}", submission.score, submission.max),
        ];
        row.extend(numbers.iter().map(|number| {
            let lab = submission.labs.iter().find(|lab| lab.number == *number);
            lab.map_or("-".to_owned(), |lab| format!("{:.2}", lab.score))
        }));
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn explain(submission: &SubmissionResult) -> String {
    let mut text = format!("{}: {}", visible(&submission.id), submission.end);
    for line in submission.message.lines().take(COMPILER_LINES) {
        let _infallible = write!(text, "\n    {}", visible(line));
    }
    if let Some(trace) = submission.first_failure() {
        text += &explain_trace(trace);
    }
    text
}

fn explain_trace(trace: &TraceResult) -> String {
    let TraceResult {
        lab,
        name,
        part,
        end,
        ..
    } = trace;
    let kind = if trace.public { "public" } else { "hidden" };
    let mut text = format!("\n  lab {lab}, {part}, {kind} trace {name}: {end}");
    if !trace.message.is_empty() {
        let _infallible = write!(text, "\n    {}", visible(&trace.message));
    }
    if let Some(at) = &trace.at {
        let _infallible = write!(text, "\n    at {}", visible(at));
    }
    if let Some(difference) = &trace.difference {
        text += &explain_difference(difference);
    }
    if let Some(hint) = trace.hint.as_ref().filter(|_| trace.end == End::Failed) {
        let _infallible = write!(text, "\n    hint: {hint}");
    }
    text
}

fn explain_difference(difference: &DifferenceResult) -> String {
    let DifferenceResult {
        line,
        event,
        what,
        oracle,
        expected,
        got,
        explanation,
    } = difference;
    let shown = |text: &String| {
        if text.is_empty() {
            "nothing".to_owned()
        } else {
            format!("`{}`", visible(text))
        }
    };
    let place = if *line == 0 {
        "at the end of the trace".to_owned()
    } else {
        format!("line {line}: {event}")
    };
    let mut text = format!("\n    {place}");
    let _infallible = write!(text, "\n    {what} ({oracle})");
    let _infallible = write!(text, "\n      expected {}", shown(expected));
    let _infallible = write!(text, "\n      got      {}", shown(got));
    let facts = [
        ("VMA", &explanation.vma),
        ("entry before", &explanation.before),
        ("entry after", &explanation.after),
        ("signal", &explanation.signal),
        ("rule", &explanation.rule),
    ];
    for (name, fact) in facts {
        if let Some(fact) = fact {
            let _infallible = write!(text, "\n      {name}: {fact}");
        }
    }
    text
}

/// Text of a student's, with control and direction characters made visible.
fn visible(text: &str) -> String {
    let show = |letter: char| {
        let hidden = letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if hidden {
            letter.escape_unicode().to_string()
        } else {
            letter.to_string()
        }
    };
    text.chars().map(show).collect()
}
