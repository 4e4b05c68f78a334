//! The traces of a course with their keys, in memory.

use std::fs;

use course::catalogue::{Catalogue, CatalogueError, Lab, Trace, Visibility};
use runner::log::Record;
use verdict::key::{self, KeyError};
use vmsim::handlers::Hole;

/// A trace that wrong kernels are tried on.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The lab.
    pub lab: u8,
    /// Its name, unique in its lab.
    pub name: String,
    /// What it is for.
    pub teaches: String,
    /// Who may see it.
    pub visibility: Visibility,
    /// The holes that it is graded for by themselves.
    pub holes: Vec<Hole>,
    /// The holes that run together for the integration points.
    pub integration: Vec<Hole>,
    /// The trace.
    pub trace: Vec<u8>,
    /// Its key.
    pub key: Vec<Record>,
}

/// Why a trace cannot be tried.
#[derive(Debug, thiserror::Error)]
pub enum ExamError {
    /// The registries cannot be used.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The trace cannot be read.
    #[error("{0}: {1}")]
    Read(String, std::io::Error),
}

/// Reads all traces of a course.
///
/// # Errors
///
/// If a trace or its key cannot be read.
pub fn read(catalogue: &Catalogue) -> Result<Vec<Paper>, ExamError> {
    let of_lab = |lab: &Lab| {
        let lab = lab.clone();
        lab.traces
            .clone()
            .into_iter()
            .map(move |trace| paper(&lab, trace))
    };
    catalogue.labs.iter().flat_map(of_lab).collect()
}

fn paper(lab: &Lab, trace: Trace) -> Result<Paper, ExamError> {
    let bytes = fs::read(&trace.path)
        .map_err(|error| ExamError::Read(trace.path.display().to_string(), error))?;
    Ok(Paper {
        lab: lab.number,
        visibility: trace.visibility,
        holes: trace.holes,
        integration: lab.integration_holes.clone(),
        trace: bytes,
        key: key::read(&trace.key)?,
        name: trace.name,
        teaches: trace.teaches,
    })
}
