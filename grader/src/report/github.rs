//! Results for a workflow of GitHub's: annotations in the log, and a summary of the job.
//!
//! What there is room for is GitHub's to say: it drops annotations behind the tenth of a
//! kind, and a whole summary that is longer than it likes, both without a word.

use std::fmt::Write as _;
use std::io::{self, Write};

use verdict::end::End;

use super::sink::{markdown, workflow};
use super::summary::Summary;
use super::text;
use crate::feedback::{Shown, ShownClass};
use crate::result::{SubmissionResult, TraceResult};

/// Annotations of a kind that one step may make.
const ANNOTATIONS_MAX: usize = 10;

/// Bytes that the summary of one step may have: 1 MiB, and something to spare.
pub const SUMMARY_BYTES_MAX: usize = 1000 << 10;

/// Writes what goes to the log: first the class in one line, then the submissions that lost
/// points, then the report for people, in which nothing is a command.
///
/// # Errors
///
/// If the class cannot be read, `out` does not take it, or the system has no random numbers.
pub fn write(class: &impl Shown, out: &mut impl Write) -> io::Result<()> {
    let (mut ends, mut failed, mut annotations) = (Summary::default(), 0_usize, String::new());
    class.each(|shown| {
        let submission = shown.submission();
        ends.add(submission);
        if submission.end != End::Passed {
            failed += 1;
            if failed <= ANNOTATIONS_MAX {
                annotations += &annotation(submission);
            }
        }
        Ok(())
    })?;
    let ends = workflow::data(&ends.to_string());
    write!(out, "::notice title=Faultline::{ends}\n{annotations}")?;
    let more = failed.saturating_sub(ANNOTATIONS_MAX);
    if more > 0 {
        writeln!(out, "::notice title=Faultline::and {more} more like these")?;
    }
    workflow::while_stopped(out, |out| text::write(class, out))
}

/// The same of a class in memory.
///
/// # Errors
///
/// If the system has no random numbers.
pub fn log(class: &ShownClass) -> io::Result<String> {
    let mut log = Vec::new();
    write(class, &mut log)?;
    String::from_utf8(log).map_err(io::Error::other)
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
///
/// # Errors
///
/// If the class cannot be read.
pub fn summary(class: &impl Shown, bytes_max: usize) -> io::Result<String> {
    let mut ends = Summary::default();
    class.each(|shown| {
        ends.add(shown.submission());
        Ok(())
    })?;
    let page =
        format!("## Faultline\n\n{ends}\n\n| submission | end | score | of |\n|---|---|--:|--:|\n");
    let page = fill(page, class, bytes_max, |s| Some(row(s)))?;
    fill(page, class, bytes_max, |s| {
        (s.end != End::Passed).then(|| lost(s))
    })
}

fn row(submission: &SubmissionResult) -> String {
    let SubmissionResult {
        id,
        end,
        score,
        max,
        ..
    } = submission;
    let id = markdown::inline(id);
    format!("| {id} | {end} | {score:.2} | {max} |\n")
}

fn lost(submission: &SubmissionResult) -> String {
    let id = markdown::inline(&submission.id);
    let told = markdown::fenced(&text::explain(submission));
    format!("\n### {id}\n\n{told}")
}

/// Adds a block for each submission that has one, as long as there is room, and how many
/// there was none for.
fn fill(
    mut page: String,
    class: &impl Shown,
    bytes_max: usize,
    block: impl Fn(&SubmissionResult) -> Option<String>,
) -> io::Result<String> {
    let room = bytes_max.saturating_sub(MORE_BYTES);
    let mut more = 0_usize;
    class.each(|shown| {
        let block = block(shown.submission());
        match block {
            Some(block) if more == 0 && page.len() + block.len() <= room => page += &block,
            Some(_) => more += 1,
            None => {}
        }
        Ok(())
    })?;
    if more > 0 && page.len() + MORE_BYTES <= bytes_max {
        let _infallible = writeln!(page, "\n… and {more} more");
    }
    Ok(page)
}

/// Bytes that are kept for saying that there is more, once for the table and once for
/// what follows it.
const MORE_BYTES: usize = 64;
