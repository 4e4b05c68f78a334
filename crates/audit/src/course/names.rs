//! Labs, holes and traces are called once, and rightly.

use std::collections::BTreeSet;

use super::Course;
use crate::finding::Finding;

const CHECK: &str = "names";

pub(super) fn check(course: &Course) -> Vec<Finding> {
    let mut found = labs(course);
    found.extend(holes(course));
    found.extend(traces(course));
    found
}

fn labs(course: &Course) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for lab in &course.catalogue.labs {
        let number = lab.number;
        if !seen.insert(number) {
            let what = format!("another lab has the number {number}");
            let help = "give each lab a number of its own";
            found.push(course.in_registry(CHECK, lab, what, help));
        }
        let folder = lab.folder.file_name().unwrap_or_default().to_string_lossy();
        if !folder.starts_with(&format!("{number:02}-")) {
            let what = format!("lab {number} stands in the folder `{folder}`");
            let help = "begin the folder's name with the lab's number, in two digits";
            found.push(course.in_registry(CHECK, lab, what, help));
        }
    }
    found
}

fn holes(course: &Course) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for lab in &course.catalogue.labs {
        for hole in lab.holes.iter().map(|points| points.hole) {
            let name = hole.name();
            if !seen.insert(hole) {
                let what = format!("the hole `{name}` is listed twice");
                let help = "list each hole once, in the lab that asks for it";
                found.push(course.in_registry(CHECK, lab, what, help));
            }
            if hole.lab() != lab.number {
                let what = format!("the hole `{name}` belongs to lab {}", hole.lab());
                let help = "list it there: its file is that lab's";
                found.push(course.in_registry(CHECK, lab, what, help));
            }
        }
    }
    found
}

fn traces(course: &Course) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for (lab, trace) in course.traces() {
        let name = &trace.name;
        if !seen.insert(name) {
            let what = format!("another trace is called `{name}`");
            let help = "rename it, its file and its key: reports name traces without their lab";
            found.push(course.in_registry_of(CHECK, (lab, trace), what, help));
        }
        for hole in &trace.holes {
            if lab.holes.iter().all(|points| points.hole != *hole) {
                let what = format!(
                    "the trace `{name}` is graded for `{}`, which lab {} gives no points for",
                    hole.name(),
                    lab.number
                );
                let help = "take it out: no part counts it";
                found.push(course.in_registry_of(CHECK, (lab, trace), what, help));
            }
        }
    }
    found
}
