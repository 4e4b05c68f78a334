//! Each key is what the reference does.

use std::rc::Rc;

use course::catalogue::{Lab, Trace};
use runner::log::Record;
use solution::Reference;
use verdict::compare::first_difference;
use vmsim::machine::Machine;
use vmtrace::error::ReadError;

use super::Course;
use crate::exam::Paper;
use crate::finding::Finding;

const CHECK: &str = "keys";

pub(super) fn check(course: &Course) -> Vec<Finding> {
    course
        .papers
        .iter()
        .zip(course.traces())
        .filter_map(|(paper, (lab, trace))| of_paper(course, paper, lab, trace))
        .collect()
}

/// Whether the reference gets full points for this trace; otherwise nothing that
/// others lose on it can be blamed on them.
pub(crate) fn is_fresh(paper: &Paper) -> bool {
    reference(paper).is_ok_and(|records| stale_line(&paper.key, &records).is_none())
}

fn of_paper(course: &Course, paper: &Paper, lab: &Lab, trace: &Trace) -> Option<Finding> {
    let records = match reference(paper) {
        Ok(records) => records,
        Err(error) => {
            let what = format!("malformed: {error}");
            return Some(course.in_file(CHECK, lab, &trace.path, what, "mend the trace"));
        }
    };
    let place = match stale_line(&paper.key, &records)? {
        0 => "at its end".to_owned(),
        line => format!("at line {line} of the trace"),
    };
    let what = format!("not what the reference does, {place}; no mutant is tried on it");
    let help = "`cargo insta test --review -p grader` shows both; accept what a rule makes right";
    Some(course.in_file(CHECK, lab, &trace.key, what, help))
}

fn reference(paper: &Paper) -> Result<Vec<Record>, ReadError> {
    let machine = |config| Machine::new(config, Rc::new(Reference));
    Ok(runner::contained::run(&paper.trace, machine)?.records)
}

/// The first line in which a key and a log differ, as the grader compares them. It
/// forgives a log that is cheaper than its key; neither may be cheaper here.
fn stale_line(key: &[Record], log: &[Record]) -> Option<u64> {
    let differs = first_difference(key, log).or_else(|| first_difference(log, key));
    let longer = || (key.len() != log.len()).then_some(0);
    differs.map(|difference| difference.line).or_else(longer)
}
