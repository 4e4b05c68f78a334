//! Results for the terminal.

use std::fmt::Write as _;
use std::io::{self, Write};

use verdict::end::End;

use super::account::{self, Account, Observed};
use super::sink::terminal;
use super::summary::Summary;
use super::table::{Rows, gets_otherwise};
use crate::feedback::{Shown, ShownClass};
use crate::result::{LabResult, PartResult, SubmissionResult, TraceResult};

/// Lines of a compiler's message that are shown.
const COMPILER_LINES: usize = 12;

/// Lines of a panic's message that are shown.
const PANIC_LINES: usize = 20;

/// Writes the class as a table, and what each submission lost, with its first failure
/// explained.
///
/// # Errors
///
/// If the class cannot be read, or `out` does not take it.
pub fn write(class: &impl Shown, out: &mut impl Write) -> io::Result<()> {
    let (mut rows, mut summary) = (Rows::default(), Summary::default());
    class.each(|shown| {
        rows.add(shown.submission());
        summary.add(shown.submission());
        Ok(())
    })?;
    let head = format!("{}\n\n{summary}\n", rows.table().trim_fmt());
    drop(rows);
    write!(out, "{}", terminal::report(&head))?;
    class.each(|shown| {
        let submission = shown.submission();
        let tells = submission.end != End::Passed || gets_otherwise(submission);
        let told = tells.then(|| format!("\n{}\n", explain(submission)));
        write!(out, "{}", terminal::report(&told.unwrap_or_default()))
    })
}

/// The same of a class in memory.
pub fn render(class: &ShownClass) -> String {
    let mut text = Vec::new();
    let _infallible = write(class, &mut text);
    String::from_utf8_lossy(&text).into_owned()
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
