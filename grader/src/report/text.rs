//! Results for the terminal.

use std::collections::BTreeMap;
use std::fmt::Write;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, LineStyle, Table};

use crate::catalogue::ExerciseKind;
use crate::end::End;
use crate::result::{
    ClassResult, DifferenceResult, LabResult, PartResult, SubmissionResult, TraceResult,
};

/// Lines of a compiler's message that are shown.
const COMPILER_LINES: usize = 12;

/// Letters of a submission's name that the table shows.
const NAME_LETTERS: usize = 40;

/// The class as a table, and what each submission lost, with its first failure
/// explained.
pub fn render(class: &ClassResult) -> String {
    let mut text = format!("{}\n{}\n", table(class).trim_fmt(), summary(class));
    for submission in class.submissions.iter().filter(|s| s.end != End::Passed) {
        let _infallible = writeln!(text, "\n{}", explain(submission));
    }
    text
}

fn table(class: &ClassResult) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING.header_separator(LineStyle::none().fill('─').junction('─')));
    let labs = class
        .submissions
        .iter()
        .map(|s| &s.labs)
        .find(|labs| !labs.is_empty());
    let labs: Vec<&LabResult> = labs.into_iter().flatten().collect();
    let max = class.submissions.iter().map(|s| s.max).fold(0.0, f64::max);
    let mut head = vec![
        "submission".to_owned(),
        "end".to_owned(),
        format!("score\nof {max}"),
    ];
    head.extend(
        labs.iter()
            .map(|lab| format!("lab {}\nof {}", lab.number, lab.max)),
    );
    table.set_header(head);
    for submission in &class.submissions {
        let mut row = vec![
            short(&submission.id),
            submission.end.to_string(),
            points(submission.score, submission.max, max),
        ];
        row.extend(labs.iter().map(|known| {
            let lab = submission
                .labs
                .iter()
                .find(|lab| lab.number == known.number);
            lab.map_or("-".to_owned(), |lab| points(lab.score, lab.max, known.max))
        }));
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// Points, and out of how many where these are not those of the column's head:
/// what could not be graded counts for nobody.
fn points(score: f64, max: f64, head: f64) -> String {
    if max == 0.0 {
        "-".to_owned()
    } else if max == head {
        format!("{score:.2}")
    } else {
        format!("{score:.2} of {max}")
    }
}

/// How many ended how.
fn summary(class: &ClassResult) -> String {
    let mut ends: BTreeMap<End, usize> = BTreeMap::new();
    for submission in &class.submissions {
        *ends.entry(submission.end).or_default() += 1;
    }
    let ends: Vec<String> = ends
        .iter()
        .rev()
        .map(|(end, count)| format!("{count} {end}"))
        .collect();
    let count = class.submissions.len();
    let noun = if count == 1 {
        "submission"
    } else {
        "submissions"
    };
    format!("\n{count} {noun}: {}", ends.join(", "))
}

fn explain(submission: &SubmissionResult) -> String {
    let SubmissionResult {
        end, score, max, ..
    } = submission;
    let mut text = format!("{}: {end}, {score:.2} of {max}", visible(&submission.id));
    if *end == End::NotGraded {
        text += "\n  our own fault, or the machine's: what was not graded costs no points";
    }
    let lines: Vec<&str> = submission.message.lines().collect();
    for line in lines.iter().take(COMPILER_LINES) {
        let _infallible = write!(text, "\n    {}", visible(line));
    }
    if lines.len() > COMPILER_LINES {
        let _infallible = write!(
            text,
            "\n    and {} more lines",
            lines.len() - COMPILER_LINES
        );
    }
    if !submission.ignored.is_empty() {
        let names: Vec<String> = submission
            .ignored
            .iter()
            .map(|name| visible(name))
            .collect();
        let _infallible = write!(
            text,
            "\n  ignored, not a handler file: {}",
            names.join(", ")
        );
    }
    text += &lost(&submission.labs);
    text += &exposed(&submission.traces);
    if let Some(trace) = submission.first_failure() {
        text += &explain_trace(trace);
    }
    text
}

/// Where the points went, a line for each lab that was begun.
fn lost(labs: &[LabResult]) -> String {
    let unwritten = |lab: &&LabResult| {
        let mut holes = lab.parts.iter().filter(|part| part.name != "integration");
        holes.all(|part| part.end == End::NotWritten)
    };
    let mut text = String::new();
    for lab in labs.iter().filter(|lab| !unwritten(lab)) {
        // Code that never ran is told of in one place, and not part by part.
        let ran = |part: &&PartResult| !matches!(part.end, End::DoesNotCompile | End::CompileLimit);
        let missing = lab.parts.iter().filter(|part| part.score < part.max);
        let missing = missing.filter(ran);
        let missing: Vec<String> = missing
            .map(
                |PartResult {
                     name,
                     score,
                     max,
                     end,
                     ..
                 }| { format!("{name} {:.2} of {max} ({end})", max - score) },
            )
            .collect();
        if !missing.is_empty() {
            let _infallible = write!(text, "\n  lab {} lost: {}", lab.number, missing.join(", "));
        }
    }
    let unwritten: Vec<String> = labs
        .iter()
        .filter(unwritten)
        .map(|lab| lab.number.to_string())
        .collect();
    if !unwritten.is_empty() {
        let noun = if unwritten.len() == 1 { "lab" } else { "labs" };
        let _infallible = write!(text, "\n  not written yet: {noun} {}", unwritten.join(", "));
    }
    text
}

/// How many wrong kernels of each category a suite of traces exposed.
fn exposed(traces: &[TraceResult]) -> String {
    let name = ExerciseKind::BreakIt.name();
    let is_kernel = |trace: &&TraceResult| trace.part == name && !trace.public;
    let mut categories: Vec<(&str, usize, usize)> = Vec::new();
    for trace in traces.iter().filter(is_kernel) {
        let exposed = usize::from(trace.end == End::Passed);
        match categories
            .iter_mut()
            .find(|(name, ..)| *name == trace.category)
        {
            Some((_, some, all)) => (*some, *all) = (*some + exposed, *all + 1),
            None => categories.push((&trace.category, exposed, 1)),
        }
    }
    let mut text = String::new();
    if !categories.is_empty() {
        text += "\n  wrong kernels exposed:";
    }
    for (category, some, all) in categories {
        let _infallible = write!(text, "\n    {some} of {all} with a mistake in {category}");
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
    let mut text = format!("\n  first failure: lab {lab}, {part}, {kind} trace {name}: {end}");
    for line in trace.message.lines() {
        let _infallible = write!(text, "\n    {}", visible(line));
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

/// What an empty column of the log means.
fn nothing(oracle: char) -> &'static str {
    match oracle {
        'G' => "no signal and no error",
        'I' => "nothing wrong",
        'T' => "nothing stale",
        _ => "nothing",
    }
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
            nothing(*oracle).to_owned()
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

/// A name that does not push the table out of the window.
fn short(name: &str) -> String {
    let name = visible(name);
    if name.chars().count() <= NAME_LETTERS {
        return name;
    }
    name.chars().take(NAME_LETTERS - 1).chain(['…']).collect()
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
