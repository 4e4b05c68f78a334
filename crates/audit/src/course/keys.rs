//! Each key is what the reference does.

use grader::catalogue::{Lab, Trace};

use super::Course;
use crate::exam::Paper;
use crate::finding::Finding;
use crate::trial::key_of;

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
    key_of(&paper.trace).is_ok_and(|records| records == paper.key)
}

fn of_paper(course: &Course, paper: &Paper, lab: &Lab, trace: &Trace) -> Option<Finding> {
    let records = match key_of(&paper.trace) {
        Ok(records) => records,
        Err(error) => {
            let what = format!("malformed: {error}");
            return Some(course.in_file(CHECK, lab, &trace.path, what, "mend the trace"));
        }
    };
    if records == paper.key {
        return None;
    }
    let differs = records.iter().zip(&paper.key).find(|(now, key)| now != key);
    let line = differs.map_or(0, |(now, _)| now.line);
    let place = match line {
        0 => "at its end".to_owned(),
        line => format!("at line {line} of the trace"),
    };
    let what = format!("not what the reference does, {place}; no mutant is tried on it");
    let help = "`cargo insta test --review -p grader` shows both; accept what a rule makes right";
    Some(course.in_file(CHECK, lab, &trace.key, what, help))
}
