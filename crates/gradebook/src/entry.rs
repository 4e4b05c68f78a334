//! What stands in a book of one attempt.

use grader::intake::hash::SourceHash;
use jiff::Timestamp;
use roster::student::StudentId;

/// An attempt, as a book has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose.
    pub student: StudentId,
    /// The students that it was handed in for besides.
    pub partners: Vec<StudentId>,
    /// Which one of theirs, from 1.
    pub number: u32,
    /// When it was handed in, where that is known.
    pub at: Option<Timestamp>,
    /// Whether the course system calls it late.
    pub marked_late: bool,
    /// What the course system calls it.
    pub label: String,
    /// Whether it is the one of this student that counts.
    pub counts: bool,
    /// What was found in it.
    pub taken: Taken,
    /// What was ignored of it, by the names that it had: whoever shows them, escapes them.
    pub ignored: Vec<String>,
}

/// What was found in an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Nobody has looked yet: it does not count, or the sitting has not come so far.
    Unread,
    /// These sources.
    Sources(SourceHash),
    /// It was refused: why.
    Refused(String),
}

/// One grading of a source.
#[derive(Clone, Debug)]
pub struct Grading {
    /// Gradings are numbered in the order in which they were written.
    pub number: i64,
    /// When it was written.
    pub at: Timestamp,
    /// Whether all of it was graded.
    pub is_complete: bool,
    /// What it depends on besides the source.
    pub conditions: crate::key::Conditions,
    /// What it came to; without id and ignored names, which are an attempt's.
    pub result: grader::result::SubmissionResult,
}
