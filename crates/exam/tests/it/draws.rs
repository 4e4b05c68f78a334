//! Random traces, and what shrinking leaves of them.

use std::collections::HashSet;

use course::catalogue::Grades;
use exam::candidate::Candidate;
use exam::choose::Chosen;
use exam::correct::alternatives;
use exam::draw::draw;
use exam::prune::{EVENTS_MIN, prune};
use exam::script::Script;
use exam::shape::refused_percent;

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

#[test]
fn every_alternative_solution_is_asked_whether_a_trace_is_fair() {
    let folder = crate::root().join("grader/alternatives");
    let folders = std::fs::read_dir(folder).expect("it is there");
    let folders = folders.map(|entry| entry.expect("it is there"));
    let mut there: Vec<String> = folders
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    there.sort();
    let linked: Vec<&str> = alternatives().into_iter().map(|(name, _)| name).collect();
    assert_eq!(linked, there);
}

/// The first fork leaves CPU 1 no right to write; the second one takes nothing away, and
/// need not tell CPU 0 of it, which has read the page since.
#[test]
fn a_trace_that_asks_for_a_needless_flush_is_not_fair() {
    let trace = "machine cpus=2\nmmap 1 0x10000000 4K rw private anon\nwrite 1 0x10000000 =1\n\
                 fork 1 2\nread 1 0x10000000\nfork 1 3 @1\nexit 2\nexit 3\n\
                 write 1 0x10000000 =2 @1\nwrite 1 0x10000000 =3\n";
    let script = Script::read(trace.as_bytes()).expect("a trace");
    let syllabus = syllabus(5);
    let candidate = Candidate::of(script, Grades::Outcome, &syllabus).expect("nothing fails");
    assert!(!candidate.is_fair(&syllabus));
}
