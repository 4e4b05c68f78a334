//! Next year's hidden traces, made from a seed and audited before they are accepted.
//!
//! Two kinds of traces make an exam. Random ones look for situations in which a hole is
//! called and in which somebody looks at what it left: breadth, for mistakes that
//! nobody has thought of. Scenarios of this year are told anew, at other addresses,
//! by other processes, with other values: edges, for mistakes that chance does not
//! meet. Of many candidates a few are chosen, random ones are shrunk until a person
//! can read them, and what is written is read again, tried on all mistakes, and graded:
//! correct solutions must get all points on it, shortcuts next to none.
//!
//! In reading order:
//!
//! - [`script`]: a trace in memory, and as text
//! - [`situation`]: what is worth being seen once
//! - [`sight`]: what the reference makes of it; [`listener`]: the holes that are called
//!
//! Where traces come from
//! - [`shape`]: what the random traces of each lab are made of
//! - [`draw`]: random traces that look for what they have not shown yet
//! - [`variant`]: scenarios told anew
//! - [`twin`]: who is refused somewhere is served there, too
//! - [`correct`]: whoever is right passes
//!
//! Which of them are taken
//! - [`syllabus`]: what a lab's exam is about
//! - [`candidate`]: a trace, tried on everything
//! - [`choose`]: breadth first, then edges
//! - [`prune`]: without what it is not chosen for
//! - [`make`]: from a seed to the traces of a lab; [`crew`]: many hands
//!
//! What becomes of them
//! - [`words`]: what is said of a trace
//! - [`exam`]: files, as in `grader/hidden`
//! - [`order`]: made, audited, and put in their place

pub mod listener;
pub mod script;
pub mod sight;
pub mod situation;

pub mod correct;
pub mod draw;
pub mod shape;
pub mod twin;
pub mod variant;

pub mod candidate;
pub mod choose;
pub mod crew;
pub mod make;
pub mod prune;
pub mod syllabus;

pub mod exam;
pub mod order;
pub mod words;

use std::io;
use std::path::PathBuf;

use audit::exam::ExamError;
use audit::finding::Finding;
use audit::matrix::MatrixError;
use grader::kit::KitError;

/// Why there is no exam.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// This year's traces cannot be read.
    #[error(transparent)]
    Course(#[from] ExamError),
    /// A trace of this year is malformed.
    #[error("{0}: {1}")]
    Scenario(String, String),
    /// A registry of this year is malformed.
    #[error("{0}")]
    Registry(String),
    /// What was made is malformed: our own fault.
    #[error(transparent)]
    Matrix(#[from] MatrixError),
    /// No submission can be compiled, so that none could be graded.
    #[error(transparent)]
    Kit(#[from] KitError),
    /// Too few mistakes are exposed.
    #[error("{}", order::weaknesses(.0))]
    TooWeak(Vec<order::LabMade>),
    /// The audit finds fault with it.
    #[error("the audit finds fault with it:{}", list(.0))]
    Findings(Vec<Finding>),
    /// It cannot be written.
    #[error("{}: {}", .0.display(), .1)]
    Unwritten(PathBuf, io::Error),
}

fn list(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(|finding| format!("\n{finding}"))
        .collect()
}

// Nothing of this folder is for students: STAYS-HOME-51c9bc70
