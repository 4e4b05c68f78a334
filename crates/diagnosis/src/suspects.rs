//! The mutants of the holes in question, and their symptoms.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use audit::exam::Paper;
use audit::matrix::{Matrix, MatrixError, Part, Scope};
use mutants::Mutant;
use vmsim::handlers::Hole;

use crate::symptom::{Symptom, Symptoms};

/// The mutants of some holes, and what is seen of each in its hole.
#[derive(Debug, Default)]
pub struct Suspects {
    by_hole: BTreeMap<&'static str, Vec<(Mutant, Symptoms)>>,
}

impl Suspects {
    /// Tries the mutants of these holes on the traces of these holes, `jobs` at a time, and
    /// tells `done` of each; it may break off.
    ///
    /// # Errors
    ///
    /// If a trace is malformed, or `done` broke off.
    pub fn try_all(
        holes: &BTreeSet<Hole>,
        papers: &[Paper],
        jobs: usize,
        done: impl FnMut(&Mutant) -> ControlFlow<()>,
    ) -> Result<Self, MatrixError> {
        let in_question = |of: &[Hole]| of.iter().any(|hole| holes.contains(hole));
        let mut mutants = Mutant::all();
        mutants.retain(|mutant| mutant.equivalent.is_none() && in_question(mutant.holes));
        let papers = papers.iter().filter(|paper| in_question(&paper.holes));
        let papers: Vec<Paper> = papers.cloned().collect();
        let matrix = Matrix::fill(&mutants, &papers, Scope::OwnHoles, jobs, done)?;
        let mut by_hole: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (mutant, row) in mutants.into_iter().zip(&matrix.rows) {
            for &hole in mutant.holes {
                let symptoms = papers.iter().zip(row).filter_map(|(paper, cell)| {
                    let exposure = cell.exposure(Part::Hole(hole))?;
                    let name = (paper.lab, paper.name.clone());
                    Some((name, Symptom::of_exposure(exposure)))
                });
                let seen = (mutant, symptoms.collect());
                by_hole.entry(hole.name()).or_default().push(seen);
            }
        }
        Ok(Self { by_hole })
    }

    /// The mutants of a hole.
    pub fn of(&self, hole: Hole) -> &[(Mutant, Symptoms)] {
        self.by_hole.get(hole.name()).map_or(&[], Vec::as_slice)
    }
}
