//! Tests of the mistakes, as one program.

use std::collections::BTreeSet;

use mutants::Mutant;
use mutants::impossible::{IMPOSSIBLE, NOWHERE};

fn catalogue() -> BTreeSet<&'static str> {
    let rows = include_str!("../../CATALOGUE.md").lines();
    let id = |row: &'static str| row.strip_prefix("| ")?.split_once(" |").map(|(id, _)| id);
    rows.filter_map(id)
        .filter(|id| id.ends_with(|last: char| last.is_ascii_digit()))
        .collect()
}

/// The numbers of all mistakes that are a kernel or cannot be one.
fn accounted_for() -> BTreeSet<&'static str> {
    let written = Mutant::all().into_iter().map(|mutant| mutant.id);
    let refused = IMPOSSIBLE.iter().map(|impossible| impossible.id);
    let nowhere = NOWHERE.iter().map(|nowhere| nowhere.id);
    written.chain(refused).chain(nowhere).collect()
}

#[test]
fn every_mistake_of_the_catalogue_is_a_mutant_or_cannot_be_written() {
    let done = accounted_for();
    let missing: Vec<&str> = catalogue()
        .into_iter()
        .filter(|id| !done.contains(id))
        .collect();
    assert!(missing.is_empty(), "nobody has {}", missing.join(", "));
}

#[test]
fn every_number_is_in_the_catalogue_or_has_a_plus_sign() {
    let catalogue = catalogue();
    let unknown: Vec<&str> = accounted_for()
        .into_iter()
        .filter(|id| !id.contains('+') && !catalogue.contains(id))
        .collect();
    assert!(unknown.is_empty(), "nobody knows {}", unknown.join(", "));
}

#[test]
fn what_this_machine_has_no_place_for_is_not_attempted() {
    for nowhere in NOWHERE {
        let id = nowhere.id;
        assert!(IMPOSSIBLE.iter().all(|attempt| attempt.id != id), "{id}");
        assert!(Mutant::all().iter().all(|mutant| mutant.id != id), "{id}");
    }
}

#[test]
fn no_two_mutants_of_a_lab_have_one_name() {
    let mut seen = BTreeSet::new();
    for mutant in Mutant::all() {
        let name = mutant.name;
        assert!(seen.insert((mutant.lab(), name)), "{name} is there twice");
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(name.chars().all(letters), "{name} is words with hyphens");
    }
}

#[test]
fn a_mistake_is_told_without_a_full_stop() {
    let refused = IMPOSSIBLE.iter().map(|impossible| impossible.mistake);
    let mutants = Mutant::all().into_iter().map(|mutant| mutant.mistake);
    for mistake in refused.chain(mutants) {
        assert!(!mistake.is_empty() && !mistake.ends_with('.'), "{mistake}");
    }
}
