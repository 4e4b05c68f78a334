//! Random traces, and what shrinking leaves of them.

use std::collections::HashSet;

use exam::candidate::Candidate;
use exam::choose::Chosen;
use exam::draw::draw;
use exam::prune::{EVENTS_MIN, prune};
use exam::shape::refused_percent;
use grader::catalogue::Grades;

use crate::{syllabi, syllabus};

#[test]
fn a_number_gives_the_same_trace_and_another_one_another() {
    let holes = syllabus(5).set();
    assert_eq!(draw(5, holes, 3), draw(5, holes, 3));
    assert_ne!(draw(5, holes, 3), draw(5, holes, 4));
}

#[test]
fn few_accesses_are_refused() {
    for syllabus in syllabi(&[]) {
        let draws = (0..40).map(|number| draw(syllabus.lab, syllabus.set(), number));
        let tried = draws.filter_map(|trace| Candidate::of(trace, Grades::Outcome, &syllabus));
        let (mut all, mut refused) = (0, 0);
        for candidate in tried {
            all += candidate.accesses() as u64;
            refused += candidate.refused as u64;
        }
        let most = refused_percent(syllabus.lab) * 3 / 2;
        assert!(
            100 * refused <= most * all,
            "lab {}: {refused} of {all}",
            syllabus.lab
        );
    }
}

#[test]
fn what_is_shrunk_exposes_what_it_exposed_and_shows_what_it_showed() {
    let syllabus = syllabus(7);
    let draws = (0..6).map(|number| draw(7, syllabus.set(), number));
    let mut shorter = 0;
    for whole in draws.filter_map(|trace| Candidate::of(trace, Grades::Outcome, &syllabus)) {
        let situations: HashSet<_> = whole.situations.iter().copied().take(3).collect();
        let pruned = prune(
            &Chosen {
                candidate: whole.clone(),
                situations: situations.clone(),
            },
            &syllabus,
        );
        let again = Candidate::of(pruned.script.clone(), Grades::Outcome, &syllabus);
        let again = again.expect("a shrunk trace is a trace");
        assert!(whole.kills.is_subset(&again.kills));
        assert!(situations.is_subset(&again.situations));
        for class in whole.counts().keys() {
            assert!(again.counts().contains_key(class), "{class}");
        }
        let (before, after) = (whole.script.events.len(), pruned.script.events.len());
        assert!((EVENTS_MIN.min(before)..=before).contains(&after));
        shorter += usize::from(after < before);
    }
    assert!(shorter > 0, "nothing was shrunk");
}
