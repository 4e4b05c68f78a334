//! What a student gets, and why, as Markdown: for a comment of a course system.
//!
//! Some systems render it and some do not, so it reads well as it is: no tables and no HTML.
//! What a student wrote, and what people remark, stands in it as code.

use std::fmt::Write;

use grader::feedback::ShownSubmission;
use grader::report::account::{Account, Observed, kind_of};
use grader::report::sink::{markdown, visible};
use grader::result::{SubmissionResult, TraceResult};

use crate::account::{Lost, counted, entries, lost, points, printed};
use crate::student::About;

/// Bytes of a text: less than any of the systems cuts off, and more than anybody reads.
pub const BYTES_MAX: usize = 12_000;

/// Bytes that are kept for saying that there is more.
const MORE_BYTES: usize = 100;

/// Letters of what is said of a submission or a run: the first errors of a compiler.
const SAID_LETTERS: usize = 1500;

/// The text, of at most [`BYTES_MAX`] bytes.
pub fn render(shown: ShownSubmission<'_>, about: &About<'_>) -> String {
    let submission = shown.submission();
    let mut text = head(submission, about);
    let lost = lost(submission);
    let (unwritten, written): (Vec<&Lost>, Vec<&Lost>) =
        lost.iter().partition(|part| part.is_unwritten());
    let mut blocks = said(submission);
    blocks.extend(written.into_iter().map(loss));
    blocks.extend(not_written(&unwritten));
    fill(&mut text, &blocks);
    text
}

fn head(submission: &SubmissionResult, about: &About<'_>) -> String {
    let max = submission
        .standing
        .as_ref()
        .map_or(submission.max, |it| it.max);
    let points = points(submission);
    let sum = match points {
        Some(points) => format!("**{} of {max} points**", printed(points)),
        None => "**not graded**, through no fault of yours: this is no zero".to_owned(),
    };
    let course = about.course.unwrap_or("Faultline");
    let whose = markdown::inline(&visible::cut(&about.title(submission), 80));
    let mut text = format!("{}: {whose}\n\n{sum} ({})\n", line(course), submission.end);
    if points.is_some() && submission.standing.is_some() {
        text += "\n";
        for entry in entries(submission) {
            let because = match entry.because.is_empty() {
                true => String::new(),
                false => format!(": {}", markdown::inline(&visible::cut(&entry.because, 300))),
            };
            let _infallible = writeln!(text, "- {} {}{because}", entry.points, entry.what);
        }
    }
    if let Some(median) = about.median {
        let _infallible = writeln!(text, "\nHalf of the class has {} or more.", printed(median));
    }
    text
}

/// What there is to say of the whole submission.
fn said(submission: &SubmissionResult) -> Vec<String> {
    let mut blocks = Vec::new();
    if !submission.message.is_empty() {
        let said = visible::cut(&submission.message, SAID_LETTERS);
        blocks.push(format!("\n{}", markdown::fenced(&said)));
    }
    if submission.sealed > 0 {
        let sealed = counted(submission.sealed, "sealed trace");
        blocks.push(format!("\n{sealed} will be counted later.\n"));
    }
    blocks
}

fn loss(lost: &Lost<'_>) -> String {
    let Lost {
        lab,
        part,
        points,
        failed,
        runs,
    } = lost;
    let mut text = format!(
        "\n### Lab {}, `{}` ({}): {} of {} points missing\n\n",
        lab.number,
        part.name,
        part.concept,
        printed(*points),
        part.max
    );
    text += &match runs {
        0 => format!("{}.\n", part.end),
        runs => format!(
            "{} of {} went wrong.\n",
            failed.len(),
            counted(*runs, "run")
        ),
    };
    if let Some(first) = failed.first() {
        text += &run(first);
    }
    text
}

fn run(run: &TraceResult) -> String {
    let account = Account::of(run);
    let name = markdown::inline(&visible::cut(&run.name, 80));
    let mut lines = Vec::new();
    lines.extend(account.about.map(|about| format!("about: {about}")));
    if !account.message.is_empty() {
        lines.push(visible::cut(account.message, SAID_LETTERS));
    }
    lines.extend(account.at.map(|at| format!("at {at}")));
    lines.extend(account.difference.iter().flat_map(difference));
    let told = account.told.iter();
    lines.extend(told.map(|(name, fact)| format!("{name}: {fact}")));
    let mut text = format!(
        "Look at this first: {} {name}: {}.\n",
        kind_of(run),
        run.end
    );
    if !lines.is_empty() {
        let _infallible = write!(text, "\n{}", markdown::fenced(&lines.join("\n")));
    }
    if let Some(hint) = account.hint {
        let _infallible = writeln!(text, "\nHint: {}", line(hint));
    }
    text
}

fn difference(observed: &Observed) -> Vec<String> {
    let Observed {
        place,
        what,
        expected,
        got,
        meaning,
        facts,
    } = observed;
    let cut = |text: &str| visible::cut(text, 400);
    let lines = [
        cut(place),
        what.clone(),
        format!("  Linux: {}", cut(expected)),
        format!("  yours: {}", cut(got)),
    ];
    let meaning = meaning.iter().map(|meaning| format!("  {meaning}"));
    let facts = facts
        .iter()
        .map(|(name, fact)| format!("  {name}: {}", cut(fact)));
    lines.into_iter().chain(meaning).chain(facts).collect()
}

fn not_written(lost: &[&Lost<'_>]) -> Option<String> {
    let part = |lost: &&Lost<'_>| {
        let (lab, part) = (lost.lab.number, &lost.part.name);
        format!("- lab {lab}, `{part}`: {} points\n", printed(lost.points))
    };
    let parts: String = lost.iter().map(part).collect();
    (!lost.is_empty()).then(|| format!("\n### Not written yet\n\n{parts}"))
}

/// Our own prose on one line. Outside of code, a tag in it would be one.
fn line(text: &str) -> String {
    let text = visible::line(text);
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(index, part)| match index % 2 {
        0 => part.replace('<', "&lt;"),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`")
}

/// Adds what there is room for, and how much there was none for.
fn fill(text: &mut String, blocks: &[String]) {
    for (index, block) in blocks.iter().enumerate() {
        if text.len() + block.len() + MORE_BYTES > BYTES_MAX {
            let more = blocks.len() - index;
            let _infallible = writeln!(text, "\n… and {more} more parts: your page has them all.");
            return;
        }
        text.push_str(block);
    }
}
