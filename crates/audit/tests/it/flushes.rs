//! Needless flushes cost points where a trace asks for them, and nowhere else.

use audit::exam::Paper;
use audit::trial::expose;
use mutants::Mutant;
use runner::log::{NEEDLESS, Oracle, Record};
use vmsim::handlers::Hole;

use crate::papers;

/// The key of a trace that grades flushes speaks of them.
fn grades_flushes(paper: &Paper) -> bool {
    let speaks = |record: &Record| record.column(Oracle::Cost).contains(NEEDLESS);
    paper.key.iter().any(speaks)
}

#[test]
fn a_kernel_that_always_shoots_down_loses_only_what_grades_flushes() {
    let mutants = Mutant::all();
    let eager = mutants
        .iter()
        .find(|mutant| mutant.name == "always-shoots-down")
        .expect("a mutant");
    let mut graded = 0;
    for paper in papers() {
        let exposed = expose(eager, &[Hole::ProtectPage], &paper.trace, &paper.key);
        let exposed = exposed.expect("a trace").map(|exposure| exposure.oracle);
        let (name, grades) = (&paper.name, grades_flushes(&paper));
        if let Some(oracle) = exposed {
            assert_eq!((oracle, grades), (Some(Oracle::Cost), true), "{name}");
            graded += 1;
        }
        let without: Vec<Record> = paper.key.into_iter().map(Record::without_flushes).collect();
        let exposed = expose(eager, &[Hole::ProtectPage], &paper.trace, &without);
        assert_eq!(exposed.expect("a trace"), None, "{name}");
    }
    assert!(graded >= 4, "{graded}");
}

#[test]
fn only_lab_6_grades_flushes() {
    let labs: Vec<u8> = papers()
        .iter()
        .filter(|paper| grades_flushes(paper))
        .map(|paper| paper.lab)
        .collect();
    assert_eq!(labs, [6; 6]);
}
