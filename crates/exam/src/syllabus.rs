//! What the exam of a lab is about: its holes, the mistakes that must lose points, and
//! the traces of this year.

use audit::exam::Paper;
use course::catalogue::{Catalogue, Grades, Lab, Trace};
use mutants::Mutant;
use vmsim::handlers::Hole;

use crate::Refusal;
use crate::listener::Holes;
use crate::script::Script;

/// A lab with code.
#[derive(Clone, Debug)]
pub struct Syllabus {
    /// Its number.
    pub lab: u8,
    /// Its folder below `labs` and `grader/hidden`.
    pub folder: String,
    /// What students write.
    pub holes: Vec<Hole>,
    /// The holes that run together for the integration points.
    pub integration: Vec<Hole>,
    /// The mistakes in these holes.
    pub mutants: Vec<Mutant>,
    /// This year's traces, public and hidden.
    pub scenarios: Vec<Script>,
    /// The ways in which they are graded.
    pub grades: Vec<Grades>,
}

impl Syllabus {
    /// The labs with code among those with these numbers; all if none is named.
    ///
    /// # Errors
    ///
    /// If a trace of this year cannot be read.
    pub fn of(
        catalogue: &Catalogue,
        papers: &[Paper],
        mutants: &[Mutant],
        labs: &[u8],
    ) -> Result<Vec<Syllabus>, Refusal> {
        let wanted =
            |lab: &&Lab| !lab.holes.is_empty() && (labs.is_empty() || labs.contains(&lab.number));
        let labs = catalogue.labs.iter().filter(wanted);
        labs.map(|lab| Self::of_lab(lab, papers, mutants)).collect()
    }

    fn of_lab(lab: &Lab, papers: &[Paper], mutants: &[Mutant]) -> Result<Self, Refusal> {
        let of_lab = |paper: &&Paper| paper.lab == lab.number;
        let papers: Vec<&Paper> = papers.iter().filter(of_lab).collect();
        let read = |paper: &&Paper| {
            Script::read(&paper.trace)
                .map_err(|error| Refusal::Scenario(paper.name.clone(), error.to_string()))
        };
        let theirs = |mutant: &&Mutant| mutant.lab() == lab.number && mutant.equivalent.is_none();
        Ok(Self {
            lab: lab.number,
            folder: lab
                .folder
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            holes: lab.holes.iter().map(|points| points.hole).collect(),
            integration: lab.integration_holes.clone(),
            mutants: mutants.iter().filter(theirs).copied().collect(),
            scenarios: papers.iter().map(read).collect::<Result<_, _>>()?,
            grades: ways(lab),
        })
    }

    /// Its holes.
    pub fn set(&self) -> Holes {
        Holes::of(self.holes.iter().copied())
    }

    /// What the traces are called after: the folder without its number.
    pub fn topic(&self) -> &str {
        self.folder
            .split_once('-')
            .map_or(&self.folder, |(_, topic)| topic)
    }
}

/// Outcomes, and flushes if they are graded this year.
fn ways(lab: &Lab) -> Vec<Grades> {
    let flushes = |trace: &Trace| trace.grades == Grades::Flushes;
    match lab.traces.iter().any(flushes) {
        true => vec![Grades::Outcome, Grades::Flushes],
        false => vec![Grades::Outcome],
    }
}
