//! Which mistakes of the catalogue a class makes.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use audit::exam;
use course::catalogue::Catalogue;
use diagnosis::diagnose::{Diagnosis, diagnose_one, wrong_holes};
use diagnosis::suspects::Suspects;
use gradebook::book::Book;
use gradebook::error::BookError;
use progress::job::Job;
use progress::stage::{Outcome, Stage, Step};

use crate::exit::Trouble;
use crate::grade::{bad_input, in_book, our_fault};
use crate::workspace;

/// Wrong kernels on the traces of the holes that somebody got wrong.
const STAGE: Stage = Stage::new("mistakes", "wrong kernels");

/// Names the mistakes of the class in a book. Nothing of a student's is run for it.
pub fn named(book: &Book, job: &Job) -> Result<Vec<Diagnosis>, Trouble> {
    let (mut labs, mut holes) = (BTreeSet::new(), BTreeSet::new());
    let read = book.results(|result| {
        labs.extend(result.labs.iter().map(|lab| lab.number));
        holes.extend(wrong_holes(&result));
        Ok::<(), BookError>(())
    });
    read.map_err(in_book)?;
    let mut catalogue = Catalogue::read(&workspace::root()).map_err(bad_input)?;
    catalogue.labs.retain(|lab| labs.contains(&lab.number));
    let papers = exam::read(&catalogue).map_err(our_fault)?;
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let trying = job.stage(STAGE, None);
    let suspects = Suspects::try_all(&holes, &papers, jobs, |mutant| {
        trying.did(Step::untimed(mutant.id, Outcome::Done));
        ControlFlow::Continue(())
    });
    let suspects = suspects.map_err(our_fault)?;
    let mut found = Vec::new();
    let read = book.results(|result| {
        found.extend(diagnose_one(&catalogue, &result, &suspects));
        Ok::<(), BookError>(())
    });
    read.map(|()| found).map_err(in_book)
}
