//! Mutants among themselves.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use audit::exam;
use course::catalogue::Catalogue;
use diagnosis::suspects::Suspects;
use vmsim::handlers::Hole;

#[test]
fn the_mutants_of_a_hole_are_those_whose_mistake_is_in_it_and_each_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let catalogue = Catalogue::read(&root).unwrap_or_else(|error| panic!("{error}"));
    let papers = exam::read(&catalogue).unwrap_or_else(|error| panic!("{error}"));
    let holes = BTreeSet::from([Hole::DemandZero]);
    let suspects = Suspects::try_all(&holes, &papers, 2, |_| ControlFlow::Continue(()));
    let suspects = suspects.unwrap_or_else(|error| panic!("{error}"));
    let of_hole = suspects.of(Hole::DemandZero);
    assert!(of_hole.iter().any(|(mutant, _)| mutant.id == "L03"));
    for (mutant, symptoms) in of_hole {
        assert!(mutant.holes.contains(&Hole::DemandZero), "{mutant:?}");
        assert!(!symptoms.is_empty(), "{mutant:?} shows in no trace");
    }
    assert!(suspects.of(Hole::SwapIn).is_empty());
}

#[test]
fn whoever_watches_may_break_off() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let catalogue = Catalogue::read(&root).unwrap_or_else(|error| panic!("{error}"));
    let papers = exam::read(&catalogue).unwrap_or_else(|error| panic!("{error}"));
    let holes = BTreeSet::from([Hole::DemandZero]);
    assert!(Suspects::try_all(&holes, &papers, 2, |_| ControlFlow::Break(())).is_err());
}
