//! A book as text that is the same wherever, whenever and in however many parts the class
//! was graded.
//!
//! JSON, an object a line: the conditions, then each attempt of the class, by student and
//! number, then what people have said, by student and time. Fields are in the order of the
//! alphabet and points are decimal numbers in strings, so that equal books are equal bytes.
//!
//! What may differ between two gradings of the same source is not in it: when they were
//! made, in which sandbox, and all messages, for what a process said of its own end, or how
//! long it took, may depend on the clock. How it ended is told by a word (`time limit`), and
//! a first difference by its place and its oracle. What is called `label` is left out too,
//! because it may say where an export lay.

use std::io::{self, Write};

use grader::intake::hash::SourceHash;
use grader::result::{DifferenceResult, LabResult, PartResult, SubmissionResult, TraceResult};
use jiff::Timestamp;
use roster::student::StudentId;
use schemars::JsonSchema;
use serde::Serialize;
use verdict::end::End;

use crate::book::Book;
use crate::entry::{Entry, Taken};
use crate::error::BookError;
use crate::overlay::{Said, Saying};
use crate::sittings::Sitting;

/// Version of the form; it grows when a field changes its meaning.
pub const SCHEMA: &str = "faultline.gradebook/1";

/// A line.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Line {
    /// The first one.
    Head(Head),
    /// An attempt.
    Attempt(Box<AttemptLine>),
    /// What somebody said.
    Said(SaidLine),
}

/// Under which conditions the class was graded.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Head {
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    key_set: String,
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    policy: String,
    /// `faultline.gradebook/1`.
    schema: String,
    /// The compiler, in its own words.
    toolchain: String,
}

/// An attempt, and what it came to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttemptLine {
    /// When it was handed in.
    at: Option<String>,
    /// Which one of the student's.
    attempt: u32,
    /// Whether it is the one that counts.
    counts: bool,
    ignored: Vec<String>,
    /// Whether the course system calls it late.
    marked_late: bool,
    partners: Vec<String>,
    /// Why it was refused.
    refused: Option<String>,
    /// None if it was not graded because another one counts.
    result: Option<ResultLine>,
    source: Option<SourceHash>,
    student: String,
}

/// What an attempt came to.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultLine {
    end: End,
    labs: Vec<LabLine>,
    max: Decimal,
    score: Decimal,
    traces: Vec<TraceLine>,
}

/// The points of a lab.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabLine {
    lab: u8,
    max: Decimal,
    parts: Vec<PartLine>,
    score: Decimal,
}

/// The points of a part.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartLine {
    end: End,
    max: Decimal,
    part: String,
    score: Decimal,
}

/// How a run ended.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TraceLine {
    difference: Option<DifferenceLine>,
    end: End,
    lab: u8,
    part: String,
    trace: String,
}

/// The first difference.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DifferenceLine {
    expected: String,
    got: String,
    line: u64,
    oracle: char,
}

/// What somebody said of a student's points.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaidLine {
    author: String,
    lab: Option<u8>,
    remark: String,
    said_at: String,
    /// Points more or less (`add -2.5`), so many points (`set 7`), or that what was said at
    /// a time does not hold (`undo …`).
    says: String,
    student: String,
}

/// Points, to the hundredth.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Decimal(#[schemars(regex(pattern = r"^-?[0-9]+\.[0-9]{2}$"))] String);

/// The schema that `crates/gradebook/schema/export.schema.json` holds: of one line.
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(Line);
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text + "\n"
}

/// Writes the class of a book, as its latest sitting has it.
///
/// # Errors
///
/// If the book cannot be read or has no sitting, or `out` does not take it.
pub fn export(book: &Book, out: &mut impl Write) -> Result<(), ExportError> {
    let sitting = book.latest_sitting()?.ok_or_else(|| BookError::Empty {
        path: book.path().to_owned(),
    })?;
    write(out, &head(&sitting))?;
    book.attempts(|entry| {
        let line = attempt(book, &sitting, &entry)?;
        write(out, &line).map_err(ExportError::Write)
    })?;
    for said in book.overlay()?.into_values().flatten() {
        write(out, &Line::Said(said_line(&said)))?;
    }
    Ok(())
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The book.
    #[error(transparent)]
    Book(#[from] BookError),
    /// Where it goes.
    #[error("the export cannot be written: {0}")]
    Write(#[from] io::Error),
}

fn write(out: &mut impl Write, line: &Line) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

fn head(sitting: &Sitting) -> Line {
    Line::Head(Head {
        key_set: sitting.conditions.key_set.to_string(),
        policy: sitting.conditions.policy.to_string(),
        schema: SCHEMA.to_owned(),
        toolchain: sitting.conditions.toolchain.to_string(),
    })
}

fn attempt(book: &Book, sitting: &Sitting, entry: &Entry) -> Result<Line, BookError> {
    let result = match (entry.counts, &entry.taken) {
        (false, Taken::Unread) => None,
        _ => Some(book.result_of(entry, &sitting.conditions)?),
    };
    let (source, refused) = match &entry.taken {
        Taken::Sources(source) => (Some(*source), None),
        Taken::Refused(why) => (None, Some(why.clone())),
        Taken::Unread => (None, None),
    };
    let name = |student: &StudentId| student.0.clone();
    Ok(Line::Attempt(Box::new(AttemptLine {
        at: entry.at.map(time),
        attempt: entry.number,
        counts: entry.counts,
        ignored: entry.ignored.clone(),
        marked_late: entry.marked_late,
        partners: entry.partners.iter().map(name).collect(),
        refused,
        result: result.as_ref().map(result_line),
        source,
        student: name(&entry.student),
    })))
}

/// What of a result is the same in every grading of the same source.
pub(crate) fn result_line(result: &SubmissionResult) -> ResultLine {
    ResultLine {
        end: result.end,
        labs: result.labs.iter().map(lab).collect(),
        max: decimal(result.max),
        score: decimal(result.score),
        traces: result.traces.iter().map(trace).collect(),
    }
}

fn lab(lab: &LabResult) -> LabLine {
    let part = |part: &PartResult| PartLine {
        end: part.end,
        max: decimal(part.max),
        part: part.name.clone(),
        score: decimal(part.score),
    };
    LabLine {
        lab: lab.number,
        max: decimal(lab.max),
        parts: lab.parts.iter().map(part).collect(),
        score: decimal(lab.score),
    }
}

fn trace(trace: &TraceResult) -> TraceLine {
    let difference = |found: &DifferenceResult| DifferenceLine {
        expected: found.expected.clone(),
        got: found.got.clone(),
        line: found.line,
        oracle: found.oracle,
    };
    TraceLine {
        difference: trace.difference.as_ref().map(difference),
        end: trace.end,
        lab: trace.lab,
        part: trace.part.clone(),
        trace: trace.name.clone(),
    }
}

fn said_line(said: &Said) -> SaidLine {
    SaidLine {
        author: said.author.clone(),
        lab: said.lab,
        remark: said.remark.clone(),
        said_at: time(said.at),
        says: match &said.saying {
            Saying::Add(points) => format!("add {points}"),
            Saying::Set(points) => format!("set {points}"),
            Saying::Undo(at) => format!("undo {}", time(*at)),
        },
        student: said.student.0.clone(),
    }
}

fn decimal(points: f64) -> Decimal {
    Decimal(format!("{points:.2}"))
}

fn time(at: Timestamp) -> String {
    at.to_string()
}
