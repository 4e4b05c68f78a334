//! The kill matrix: wrong kernels against traces.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use mutants::Mutant;
use vmsim::handlers::Hole;
use vmtrace::error::ReadError;

use crate::exam::Paper;
use crate::trial::{Exposure, expose};

/// What points are given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A hole by itself.
    Hole(Hole),
    /// All methods of the labs up to the trace's together.
    Integration,
}

/// How much of a mutant is tried on each trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The holes that its mistake is in: enough to know whether a trace exposes it.
    OwnHoles,
    /// Everything that the trace is graded for: tells also who else loses points.
    AllParts,
}

/// A mutant in one part of one trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// What was graded.
    pub part: Part,
    /// How it showed; none if it did not.
    pub exposure: Option<Exposure>,
}

/// What came of each mutant on each trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// By mutant, then by trace, in the order in which they were given.
    pub rows: Vec<Vec<Cell>>,
}

/// What came of one mutant on one trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The trials; none where the trace grades nothing of the mutant.
    pub trials: Vec<Trial>,
}

/// There is no matrix.
#[derive(Debug, thiserror::Error)]
pub enum MatrixError {
    /// A trace is malformed.
    #[error("trace {0}: {1}")]
    Trace(String, ReadError),
    /// Whoever watched had enough.
    #[error("stopped before the end")]
    Stopped,
}

impl Matrix {
    /// Tries all mutants on all traces, `jobs` mutants at a time, and tells `done`
    /// of each mutant that was tried on all of them; it may break off.
    ///
    /// # Errors
    ///
    /// If a trace is malformed, or `done` broke off.
    pub fn fill(
        mutants: &[Mutant],
        papers: &[Paper],
        scope: Scope,
        jobs: usize,
        mut done: impl FnMut(&Mutant) -> ControlFlow<()>,
    ) -> Result<Self, MatrixError> {
        let next = AtomicUsize::new(0);
        let mut rows: Vec<Option<Vec<Cell>>> = vec![None; mutants.len()];
        let mut outcome = Ok(());
        thread::scope(|scope_of_threads| {
            let (sender, receiver) = mpsc::channel();
            for _ in 0..jobs.clamp(1, mutants.len().max(1)) {
                let (sender, next) = (sender.clone(), &next);
                scope_of_threads.spawn(move || {
                    while let Some((index, mutant)) = take(mutants, next) {
                        let _nobody_waits = sender.send((index, row(mutant, papers, scope)));
                    }
                });
            }
            drop(sender);
            for (index, row) in receiver {
                match row {
                    Ok(row) => rows[index] = Some(row),
                    Err(error) => outcome = Err(error),
                }
                if outcome.is_ok() && done(&mutants[index]).is_break() {
                    outcome = Err(MatrixError::Stopped);
                }
                if outcome.is_err() {
                    // Nobody takes another mutant.
                    next.store(mutants.len(), Ordering::Relaxed);
                }
            }
        });
        outcome?;
        Ok(Self {
            rows: rows.into_iter().flatten().collect(),
        })
    }

    /// For each trace, which mutants it exposes in a hole that the mistake is in.
    pub fn kills(&self, mutants: &[Mutant]) -> Vec<BTreeSet<usize>> {
        let papers = self.rows.first().map_or(0, Vec::len);
        let mut kills = vec![BTreeSet::new(); papers];
        for (mutant, row) in self.rows.iter().enumerate() {
            for (paper, cell) in row.iter().enumerate() {
                if cell.kills(mutants[mutant].holes) {
                    kills[paper].insert(mutant);
                }
            }
        }
        kills
    }
}

impl Cell {
    /// The trial of a part, if the trace is graded for it.
    pub fn trial(&self, part: Part) -> Option<&Trial> {
        self.trials.iter().find(|trial| trial.part == part)
    }

    /// How the mutant showed in a part.
    pub fn exposure(&self, part: Part) -> Option<&Exposure> {
        self.trial(part)?.exposure.as_ref()
    }

    /// Whether the mutant shows in one of these holes, by itself.
    pub fn kills(&self, holes: &[Hole]) -> bool {
        let shows = |&hole: &Hole| self.exposure(Part::Hole(hole)).is_some();
        holes.iter().any(shows)
    }
}

fn take<'a>(mutants: &'a [Mutant], next: &AtomicUsize) -> Option<(usize, &'a Mutant)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    mutants.get(index).map(|mutant| (index, mutant))
}

fn row(mutant: &Mutant, papers: &[Paper], scope: Scope) -> Result<Vec<Cell>, MatrixError> {
    papers
        .iter()
        .map(|paper| cell(mutant, paper, scope))
        .collect()
}

fn cell(mutant: &Mutant, paper: &Paper, scope: Scope) -> Result<Cell, MatrixError> {
    let graded = |hole: &&Hole| scope == Scope::AllParts || mutant.holes.contains(hole);
    let holes = paper.holes.iter().filter(graded);
    let mut parts: Vec<Part> = holes.map(|&hole| Part::Hole(hole)).collect();
    if scope == Scope::AllParts {
        parts.push(Part::Integration);
    }
    let try_part = |part| {
        let holes = match &part {
            Part::Hole(hole) => std::slice::from_ref(hole),
            Part::Integration => &paper.integration,
        };
        let exposure = expose(mutant, holes, &paper.trace, &paper.key)
            .map_err(|error| MatrixError::Trace(paper.name.clone(), error))?;
        Ok(Trial { part, exposure })
    };
    Ok(Cell {
        trials: parts.into_iter().map(try_part).collect::<Result<_, _>>()?,
    })
}
