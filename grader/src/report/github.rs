//! Results for a workflow of GitHub's: annotations in the log, and a summary of the job.
//!
//! What there is room for is GitHub's to say: it drops annotations behind the tenth of a
//! kind, and a whole summary that is longer than it likes, both without a word.

use std::fmt::Write;
use std::io;

use verdict::end::End;

use super::sink::{markdown, workflow};
use super::text;
use crate::feedback::ShownClass;
use crate::result::{SubmissionResult, TraceResult};

/// Annotations of a kind that one step may make.
const ANNOTATIONS_MAX: usize = 10;

/// Bytes that the summary of one step may have: 1 MiB, and something to spare.
pub const SUMMARY_BYTES_MAX: usize = 1000 << 10;

/// What goes to the log: first the class in one line, then the submissions that lost
/// points, then the report for people, in which nothing is a command.
///
/// # Errors
///
/// If the system has no random numbers.
pub fn log(class: &ShownClass) -> io::Result<String> {
    let submissions = &class.class().submissions;
    let mut log = format!(
        "::notice title=Faultline::{}\n",
        workflow::data(&text::summary(class.class()))
    );
    let failed: Vec<&SubmissionResult> = submissions
        .iter()
        .filter(|s| s.end != End::Passed)
        .collect();
    for submission in failed.iter().take(ANNOTATIONS_MAX) {
        log += &annotation(submission);
    }
    let more = failed.len().saturating_sub(ANNOTATIONS_MAX);
    if more > 0 {
        let _infallible = writeln!(log, "::notice title=Faultline::and {more} more like these");
    }
    log += &workflow::stopped(&text::render(class))?;
    Ok(log)
}

fn annotation(submission: &SubmissionResult) -> String {
    let SubmissionResult {
        id,
        end,
        score,
        max,
        ..
    } = submission;
    let command = match end {
        End::NotGraded => "warning",
        _ => "error",
    };
    let first = submission.first_failure();
    let place: String = first.and_then(place).unwrap_or_default();
    let said = match first {
        Some(trace) => format!("{}\n{}", text::name_of(trace), text::explain_trace(trace)),
        None => submission.message.clone(),
    };
    format!(
        "::{command} {place}title={}::{}\n",
        workflow::property(id),
        workflow::data(&format!("{end}, {score:.2} of {max}\n{said}"))
    )
}

/// The student's line, where one is to blame.
fn place(trace: &TraceResult) -> Option<String> {
    let (file, line) = trace.at.as_ref()?.rsplit_once(':')?;
    let line: u64 = line.parse().ok()?;
    Some(format!("file={},line={line},", workflow::property(file)))
}

/// The summary of the job as Markdown, of at most so many bytes: the table, and what
/// each submission lost, as far as there is room.
pub fn summary(class: &ShownClass, bytes_max: usize) -> String {
    let submissions = &class.class().submissions;
    let mut page = format!(
        "## Faultline\n\n{}\n\n| submission | end | score | of |\n|---|---|--:|--:|\n",
        text::summary(class.class())
    );
    let row = |s: &SubmissionResult| {
        let id = markdown::inline(&s.id);
        format!("| {id} | {} | {:.2} | {} |\n", s.end, s.score, s.max)
    };
    fill(&mut page, submissions.iter().map(row), bytes_max);
    let told = submissions.iter().filter(|s| s.end != End::Passed);
    let told = told.map(|s| {
        let id = markdown::inline(&s.id);
        format!("\n### {id}\n\n{}", markdown::fenced(&text::explain(s)))
    });
    fill(&mut page, told, bytes_max);
    page
}

/// Adds what there is room for, and how many there was none for.
fn fill(page: &mut String, mut blocks: impl Iterator<Item = String>, bytes_max: usize) {
    let room = bytes_max.saturating_sub(MORE_BYTES);
    while let Some(block) = blocks.next() {
        if page.len() + block.len() > room {
            let more = 1 + blocks.count();
            if page.len() + MORE_BYTES <= bytes_max {
                let _infallible = writeln!(page, "\n… and {more} more");
            }
            return;
        }
        page.push_str(&block);
    }
}

/// Bytes that are kept for saying that there is more, once for the table and once for
/// what follows it.
const MORE_BYTES: usize = 64;
