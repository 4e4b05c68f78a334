//! Which mistakes of the catalogue a class makes.

use std::ops::ControlFlow;

use audit::exam;
use course::catalogue::Catalogue;
use diagnosis::diagnose::{Diagnosis, diagnose, holes_in_question};
use diagnosis::suspects::Suspects;
use gradebook::book::Book;
use gradebook::standings::{labs_of, latest};
use grader::result::ClassResult;
use progress::job::Job;
use progress::stage::{Outcome, Stage, Step};

use crate::exit::Trouble;
use crate::grade::{bad_input, in_book, our_fault};
use crate::workspace;

/// Wrong kernels on the traces of the holes that somebody got wrong.
const STAGE: Stage = Stage::new("mistakes", "wrong kernels");

/// Names the mistakes of the class in a book. Nothing of a student's is run for it.
pub fn named(book: &Book, job: &Job) -> Result<Vec<Diagnosis>, Trouble> {
    let Some((_, results)) = latest(book).map_err(in_book)? else {
        return Ok(Vec::new());
    };
    let mut catalogue = Catalogue::read(&workspace::root()).map_err(bad_input)?;
    let labs = labs_of(&results);
    catalogue.labs.retain(|lab| labs.contains(&lab.number));
    let class = ClassResult::of(results);
    let holes = holes_in_question(&class);
    let papers = exam::read(&catalogue).map_err(our_fault)?;
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let trying = job.stage(STAGE, None);
    let suspects = Suspects::try_all(&holes, &papers, jobs, |mutant| {
        trying.did(Step::untimed(mutant.id, Outcome::Done));
        ControlFlow::Continue(())
    });
    let suspects = suspects.map_err(our_fault)?;
    Ok(diagnose(&catalogue, &class, &suspects))
}
