//! Whole exams.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use course::catalogue::{Catalogue, Visibility};
use exam::Refusal;
use exam::candidate::Candidate;
use exam::choose::TRACES_MAX;
use exam::exam::files;
use exam::make::{Effort, make};
use exam::order::Order;
use exam::syllabus::Syllabus;
use mutants::Mutant;
use vmtrace::generate::chance::Chance;

use crate::{LITTLE, root, syllabi, syllabus};

fn order(labs: &[u8], effort: Effort, out: &Path) -> Order {
    Order {
        root: root(),
        seed: 1,
        labs: labs.to_vec(),
        out: out.to_owned(),
        jobs: 2,
        effort,
    }
}

#[test]
fn a_seed_gives_the_same_exam_however_many_hands_help() {
    let syllabus = syllabus(3);
    let of = |seed, jobs| {
        let traces = make(&syllabus, seed, LITTLE, jobs);
        files(&syllabus, &traces, 0, "")
    };
    let alone = of(1, 1);
    assert!(alone == of(1, 3));
    assert!(alone != of(2, 3));
}

/// What each lab's exam must show.
fn taught(lab: u8) -> &'static [&'static str] {
    match lab {
        1 => &[
            "minor zero-page",
            "minor demand-zero",
            "minor map-resident",
            "minor copy-on-write",
            "minor reuse",
            "minor write-notify",
            "minor spurious",
            "major file-read",
            "major swap-in",
            "segv maperr",
            "segv accerr",
            "bus adrerr",
        ],
        2 => &["minor zero-page", "minor demand-zero", "oom"],
        3 => &["segv maperr", "segv accerr", "segv kernel", "bus adrerr"],
        4 => &[
            "minor map-resident",
            "minor write-notify",
            "major file-read",
            "major file-read copy",
            "minor copy-on-write",
        ],
        5 => &["minor copy-on-write", "minor reuse", "oom"],
        6 => &["minor spurious", "minor reuse", "segv accerr"],
        7 => &["major swap-in", "major swap-in copy", "minor map-resident"],
        _ => &["major swap-in", "major file-read", "hit"],
    }
}

#[test]
fn every_class_that_a_lab_teaches_occurs_in_two_traces() {
    for syllabus in syllabi(&[]) {
        let made = make(&syllabus, 1, LITTLE, 2);
        for class in taught(syllabus.lab) {
            let shows = |trace: &&Candidate| trace.counts().contains_key(class);
            let count = made.traces.iter().filter(shows).count();
            assert!(count >= 2, "lab {}: {class} in {count}", syllabus.lab);
        }
        assert!(made.traces.len() <= TRACES_MAX);
    }
}

#[test]
fn an_exam_that_is_too_weak_is_refused_and_leaves_nothing() {
    let parent = tempfile::tempdir().expect("a folder");
    let weak = Effort {
        random: 2,
        variants: 0,
        rounds: 1,
    };
    let order = order(&[5], weak, &parent.path().join("exam"));
    let refusal = order.make(&Mutant::all(), &|_| {}).expect_err("it is weak");
    assert!(matches!(&refusal, Refusal::TooWeak(labs) if labs[0].lab == 5));
    assert!(refusal.to_string().contains("lab 5: "), "{refusal}");
    assert_eq!(fs::read_dir(parent.path()).expect("it is there").count(), 0);
}

#[test]
fn an_exam_is_read_as_this_years_is_and_keeps_what_is_not_made() {
    let parent = tempfile::tempdir().expect("a folder");
    let out = parent.path().join("exam");
    let made = order(&[2], LITTLE, &out).make(&Mutant::all(), &|_| {});
    let made = made.unwrap_or_else(|error| panic!("{error}"));
    let catalogue = Catalogue::read_with(&root(), &out).unwrap_or_else(|error| panic!("{error}"));
    let names: Vec<&str> = catalogue
        .labs
        .iter()
        .filter(|lab| lab.number == 2)
        .flat_map(|lab| &lab.traces)
        .filter(|trace| trace.visibility == Visibility::Hidden)
        .map(|trace| trace.name.as_str())
        .collect();
    assert_eq!(names.len(), made.labs[0].traces);
    assert!(names.iter().all(|name| name.starts_with("lazy-")));
    let hidden = root().join("grader/hidden");
    let same = |file: &str| fs::read(hidden.join(file)).ok() == fs::read(out.join(file)).ok();
    assert!(same("05-cow/hidden.toml") && same("05-cow/keys/four-owners.snap"));
    let old: BTreeSet<String> = fs::read_dir(out.join("02-lazy"))
        .expect("it is there")
        .map(|entry| {
            entry
                .expect("it is there")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.ends_with(".trace") && !name.starts_with("lazy-"))
        .collect();
    assert_eq!(old, BTreeSet::new());
}

/// Chooses with two thirds of the mistakes, and tries the others.
#[test]
fn mistakes_that_nobody_knew_of_are_exposed_too() {
    let whole = syllabus(8);
    let mut numbers: Vec<usize> = (0..whole.mutants.len()).collect();
    let mut chance = Chance::new(1);
    numbers.sort_by_cached_key(|_| chance.number());
    let unknown: BTreeSet<usize> = numbers[..numbers.len() / 3].iter().copied().collect();
    let known =
        |(number, mutant): (usize, &Mutant)| (!unknown.contains(&number)).then_some(*mutant);
    let part = Syllabus {
        mutants: whole.mutants.iter().enumerate().filter_map(known).collect(),
        ..whole.clone()
    };
    let made = make(&part, 1, LITTLE, 2);
    let tried = made.traces.iter().map(|trace| {
        let again = Candidate::of(trace.script.clone(), trace.grades, &whole);
        again.expect("a trace that was chosen")
    });
    let kills: BTreeSet<usize> = tried.flat_map(|candidate| candidate.kills).collect();
    let missed: Vec<&Mutant> = unknown
        .difference(&kills)
        .map(|&number| &whole.mutants[number])
        .collect();
    assert!(missed.len() * 10 <= unknown.len(), "{missed:?}");
}
