//! Hints, and what each trace is for.

use course::catalogue::{Lab, Visibility};

use super::Course;
use crate::finding::Finding;

const CHECK: &str = "words";

/// Hints of a hole: where to look, what to use, how it goes.
const HOLE_HINTS_MIN: usize = 3;

/// Hints of an exercise, which has no code to be led to.
const EXERCISE_HINTS_MIN: usize = 1;

pub(super) fn check(course: &Course) -> Vec<Finding> {
    let mut found = Vec::new();
    for lab in &course.catalogue.labs {
        for points in &lab.holes {
            let name = points.hole.name();
            found.extend(hints(course, lab, name, &points.hints, HOLE_HINTS_MIN));
            found.extend(concept(course, lab, name, &points.concept));
        }
        for exercise in &lab.exercises {
            let name = exercise.kind.name();
            found.extend(hints(
                course,
                lab,
                name,
                &exercise.hints,
                EXERCISE_HINTS_MIN,
            ));
            found.extend(concept(course, lab, name, &exercise.concept));
        }
    }
    found.extend(purposes(course));
    found
}

fn hints(course: &Course, lab: &Lab, name: &str, hints: &[String], least: usize) -> Vec<Finding> {
    let mut found = Vec::new();
    if hints.len() < least {
        let what = format!(
            "`{name}` has {} hints, at least {least} are wanted",
            hints.len()
        );
        let help = "add hints, from gentle to plain: where to look, what to use, how it goes";
        found.push(course.in_registry(CHECK, lab, what, help));
    }
    if hints.iter().any(|hint| hint.trim().is_empty()) {
        let what = format!("`{name}` has a hint that says nothing");
        found.push(course.in_registry(CHECK, lab, what, "write it, or take it out"));
    }
    found
}

fn concept(course: &Course, lab: &Lab, name: &str, concept: &str) -> Option<Finding> {
    let what = format!("`{name}` has no concept");
    let help = "name the concept in a word or two: reports say it";
    concept
        .trim()
        .is_empty()
        .then(|| course.in_registry(CHECK, lab, what, help))
}

fn purposes(course: &Course) -> Vec<Finding> {
    let mut found = Vec::new();
    for (lab, trace) in course.traces() {
        let name = &trace.name;
        if trace.teaches.trim().is_empty() {
            let what = format!("the trace `{name}` does not say what it teaches");
            let help = "add `teaches`: what somebody has understood who gets it right";
            found.push(course.in_registry_of(CHECK, (lab, trace), what, help));
        }
        if trace.visibility == Visibility::Hidden && trace.category.trim().is_empty() {
            let what = format!("the hidden trace `{name}` has no category");
            let help = "add `category`: all that a student is told of it";
            found.push(course.in_registry_of(CHECK, (lab, trace), what, help));
        }
    }
    found
}
