//! What is handed on to be graded.

use std::path::PathBuf;

use jiff::Timestamp;
use roster::student::StudentId;

/// One hand-in of one student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Whose.
    pub student: StudentId,
    /// The students that it is handed in for besides, where a group hands in together.
    pub partners: Vec<StudentId>,
    /// Which one of theirs, from 1, in the order of time.
    pub number: u32,
    /// When it was handed in, where the course system says so.
    pub at: Option<Timestamp>,
    /// Whether the course system calls it late; it may know of extensions that we do not.
    pub marked_late: bool,
    /// What the course system calls it, so that a human finds it again.
    pub label: String,
    /// The folder or archive, as [`grader::intake`] takes it.
    pub path: PathBuf,
}
