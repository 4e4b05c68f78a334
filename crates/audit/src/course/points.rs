//! Points add up.

use course::catalogue::Lab;

use super::Course;
use crate::finding::Finding;

const CHECK: &str = "points";

/// Sums of points that are closer than this are equal: they have two decimals.
const HALF_A_CENT: f64 = 0.005;

pub(super) fn check(course: &Course) -> Vec<Finding> {
    let of_lab = |lab| parts(course, lab).into_iter().chain(sum(course, lab));
    let mut found: Vec<Finding> = course.catalogue.labs.iter().flat_map(of_lab).collect();
    found.extend(weights(course));
    found
}

/// Every part gives something.
fn parts(course: &Course, lab: &Lab) -> Vec<Finding> {
    let holes = lab.holes.iter().map(|h| (h.hole.name(), h.points));
    let exercises = lab.exercises.iter().map(|e| (e.kind.name(), e.points));
    let whole = (lab.integration_points != 0.0).then_some(("integration", lab.integration_points));
    holes
        .chain(exercises)
        .chain(whole)
        .filter(|(_, points)| *points <= 0.0)
        .map(|(name, points)| {
            let what = format!("`{name}` gives {points} points");
            course.in_registry(CHECK, lab, what, "give it points, or take it out")
        })
        .collect()
}

fn sum(course: &Course, lab: &Lab) -> Option<Finding> {
    let (stated, sum) = (lab.points, lab.max());
    let what = format!("the lab states {stated} points, and its parts give {sum}");
    let help = "`points` is the sum of holes, exercises and integration: mend one or the other";
    ((stated - sum).abs() > HALF_A_CENT).then(|| course.in_registry(CHECK, lab, what, help))
}

fn weights(course: &Course) -> Vec<Finding> {
    course
        .traces()
        .filter(|(_, trace)| trace.weight <= 0.0)
        .map(|(lab, trace)| {
            let what = format!("the trace `{}` has the weight {}", trace.name, trace.weight);
            let help = "give it a weight above 0, or take it out";
            course.in_registry_of(CHECK, (lab, trace), what, help)
        })
        .collect()
}
