//! Results for the terminal.

use std::collections::BTreeMap;
use std::fmt::Write;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, LineStyle, Table};
use verdict::end::End;

use super::account::{self, Account, Observed};
use super::sink::terminal;
use crate::feedback::ShownClass;
use crate::result::{ClassResult, LabResult, PartResult, SubmissionResult, TraceResult};
use crate::standing::Standing;

/// Lines of a compiler's message that are shown.
const COMPILER_LINES: usize = 12;

/// Lines of a panic's message that are shown.
const PANIC_LINES: usize = 20;

/// Letters of a submission's name that the table shows.
const NAME_LETTERS: usize = 40;

/// The class as a table, and what each submission lost, with its first failure
/// explained.
pub fn render(class: &ShownClass) -> String {
    let class = class.class();
    let mut text = format!("{}\n\n{}\n", table(class).trim_fmt(), summary(class));
    let tells = |s: &&SubmissionResult| s.end != End::Passed || gets_otherwise(s);
    for submission in class.submissions.iter().filter(tells) {
        let _infallible = writeln!(text, "\n{}", explain(submission));
    }
    terminal::report(&text)
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
    let otherwise = class.submissions.iter().any(gets_otherwise);
    if otherwise {
        head.push("points".to_owned());
    }
    head.extend(
        labs.iter()
            .map(|lab| format!("lab {}\nof {}", lab.number, lab.max)),
    );
    table.set_header(head);
    for submission in &class.submissions {
        let mut row = vec![
            terminal::cell(&submission.id, NAME_LETTERS),
            submission.end.to_string(),
            points(submission.score, submission.max, max),
        ];
        if otherwise {
            row.push(gets(submission));
        }
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

/// Whether a student gets something else than the points of the submission.
fn gets_otherwise(submission: &SubmissionResult) -> bool {
    let standing = submission.standing.as_ref();
    standing.is_some_and(Standing::differs)
}

/// What a student gets, after what being late costs and what people have said.
fn gets(submission: &SubmissionResult) -> String {
    let points = match &submission.standing {
        Some(standing) => standing.points,
        None => Some(submission.score),
    };
    points.map_or("-".to_owned(), |points| format!("{points:.2}"))
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
pub(super) fn summary(class: &ClassResult) -> String {
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
    format!("{count} {noun}: {}", ends.join(", "))
}

/// What is said of a submission besides its row.
pub(super) fn explain(submission: &SubmissionResult) -> String {
    let SubmissionResult {
        end, score, max, ..
    } = submission;
    let id = terminal::line(&submission.id);
    let mut text = format!("{id}: {end}, {score:.2} of {max}");
    if *end == End::NotGraded && submission.sealed == 0 {
        text += "\n  our own fault, or the machine's: what was not graded costs no points";
    }
    if let Some(standing) = submission.standing.as_ref().filter(|it| it.differs()) {
        for line in standing.told() {
            let _infallible = write!(text, "\n  {}", terminal::line(&line));
        }
    }
    for line in terminal::quoted(&submission.message, COMPILER_LINES) {
        let _infallible = write!(text, "\n    {line}");
    }
    if !submission.ignored.is_empty() {
        let names: Vec<String> = submission
            .ignored
            .iter()
            .map(|name| terminal::line(name))
            .collect();
        let _infallible = write!(
            text,
            "\n  ignored, not a handler file: {}",
            names.join(", ")
        );
    }
    if submission.sealed > 0 {
        let count = submission.sealed;
        let noun = if count == 1 { "trace is" } else { "traces are" };
        let _infallible = write!(text, "\n  {count} sealed {noun} counted later");
    }
    text += &lost(&submission.labs);
    text += &exposed(submission);
    if let Some(trace) = submission.first_failure() {
        let _infallible = write!(text, "\n  first failure: {}", name_of(trace));
        for line in explain_trace(trace).lines() {
            let _infallible = write!(text, "\n    {line}");
        }
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
fn exposed(submission: &SubmissionResult) -> String {
    let categories = account::exposed(submission);
    let mut text = String::new();
    if !categories.is_empty() {
        text += "\n  wrong kernels exposed:";
    }
    for (category, some, all) in categories {
        let of = match category {
            "" => String::new(),
            category => format!(" with a mistake in {category}"),
        };
        let _infallible = write!(text, "\n    {some} of {all}{of}");
    }
    text
}

/// Which run it was.
pub fn name_of(trace: &TraceResult) -> String {
    let TraceResult {
        lab,
        name,
        part,
        end,
        ..
    } = trace;
    let kind = account::kind_of(trace);
    let name = terminal::line(name);
    format!("lab {lab}, {part}, {kind} {name}: {end}")
}

/// What there is to say of a run, line by line.
pub fn explain_trace(trace: &TraceResult) -> String {
    let account = Account::of(trace);
    let about = account.about.map(|about| format!("about: {about}"));
    let at = account.at.map(|at| format!("at {}", terminal::line(at)));
    let told = account.told.iter();
    let told = told.map(|(name, fact)| format!("{name}: {}", terminal::line(fact)));
    let hint = account.hint.map(|hint| format!("hint: {hint}"));
    let lines = about
        .into_iter()
        .chain(terminal::quoted(account.message, PANIC_LINES))
        .chain(at)
        .chain(account.difference.iter().flat_map(explain_difference))
        .chain(told)
        .chain(hint);
    terminal::report(&lines.collect::<Vec<_>>().join("\n"))
}

fn explain_difference(observed: &Observed) -> Vec<String> {
    let fact = |(name, fact): &(&str, String)| format!("  {name}: {}", terminal::line(fact));
    let lines = [
        terminal::line(&observed.place),
        observed.what.clone(),
        format!("  expected {}", terminal::line(&observed.expected)),
        format!("  got      {}", terminal::line(&observed.got)),
    ];
    let meaning = observed.meaning.as_ref().map(|it| format!("  {it}"));
    let facts = observed.facts.iter().map(fact);
    lines.into_iter().chain(meaning).chain(facts).collect()
}
