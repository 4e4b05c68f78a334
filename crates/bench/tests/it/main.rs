//! What is measured is what it is said to be.

mod counting;
mod operations;
mod scenarios;
mod told;

use bench::plan::Plan;
use vmsim::observe::Observation;

/// Lets what is measured happen, and asks of each event whether it is as it should be.
#[track_caller]
fn check(name: &str, plan: &Plan, is_right: impl Fn(&Observation) -> bool) {
    for (number, seen) in plan.observations().iter().enumerate() {
        let (class, end) = (seen.class(), seen.end);
        assert!(is_right(seen), "{name}, event {number}: `{class}`, {end:?}");
        assert_eq!(seen.violations, [], "{name}, event {number}");
    }
}
