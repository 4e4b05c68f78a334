//! What the matrix says of mutants and traces.

use std::ops::ControlFlow;

use audit::audit::audit;
use audit::matrix::{Matrix, MatrixError, Part, Scope};
use audit::result::Fate;
use audit::trial::Witness;
use mutants::Mutant;
use runner::log::Oracle;
use vmsim::handlers::Hole;

use crate::bench::{Bench, HIDDEN_REGISTRY, finds};
use crate::kernels::{DOES_NOT_ZERO, HARMLESS, KNOWN, REACHES_BACK, READER_GETS_A_FRAME, SPREADS};

const CLASSIFY_LAB: &str = r#"
number = 1
title = "Classify"
points = 2
summary = "A small lab."

[limits]
cpu_seconds = 2
memory_mib = 256
output_kib = 64

[integration]
points = 1

[[hole]]
name = "classify"
points = 1
concept = "classify"
hints = ["Gentle.", "Plainer.", "Plain."]

[[trace]]
name = "before"
holes = ["classify"]
teaches = "What it teaches."
"#;

#[test]
fn a_mutant_that_enough_hidden_traces_expose_is_killed() {
    let result = Bench::new().audit(&KNOWN);
    let zero = &result.mutants[0];
    assert_eq!(
        (zero.fate, zero.hidden_kills, zero.public_kills),
        (Fate::Killed, 3, 1)
    );
    // The last read is of a byte that nobody wrote.
    let shown = &zero.exposures[0];
    assert_eq!(
        (shown.line, shown.by, shown.expected.as_str()),
        (4, 'V', "0")
    );
    assert_eq!(shown.event, "read 1 0x10001fff");
    let reader = &result.mutants[1].exposures[0];
    // The class is what classify says; what was made of it is in the entry.
    assert_eq!((reader.line, reader.by), (2, 'S'));
    assert_eq!(reader.expected, "zero r--- frames=0 slots=0");
}

#[test]
fn a_mutant_that_nobody_kills_survives() {
    let found = Bench::new().audit(&[KNOWN[0], KNOWN[1], HARMLESS]).findings;
    finds(
        &found,
        &[
            "crates/mutants/src/lab2.rs: X05 harmless: no hidden trace exposes it in `demand_zero` \
           [survivor]",
        ],
    );
}

#[test]
fn a_mutant_that_one_hidden_trace_exposes_is_barely_killed() {
    // Without a read where nobody wrote nobody sees what is there.
    let blind = "mmap 1 0x10000000 8K rw private anon\nread 1 0x10000000\n\
                 write 1 0x10001000 4096B =7\n";
    let bench = Bench::new().hidden("first", blind).hidden("second", blind);
    let found = bench.audit(&KNOWN).findings;
    finds(
        &found,
        &[
            "crates/mutants/src/lab2.rs: X01 does-not-zero: 1 hidden trace exposes it in \
           `demand_zero`, at least 2 are wanted [barely killed]",
        ],
    );
}

#[test]
fn an_argument_that_a_mutant_is_equivalent_is_taken_until_a_trace_shows_it() {
    let argued = |mutant| Mutant {
        equivalent: Some("nobody can see it"),
        ..mutant
    };
    let result = Bench::new().audit(&[KNOWN[0], KNOWN[1], argued(HARMLESS)]);
    finds(&result.findings, &[]);
    assert_eq!(result.mutants[2].fate, Fate::Equivalent);
    let found = Bench::new()
        .audit(&[argued(DOES_NOT_ZERO), READER_GETS_A_FRAME])
        .findings;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].check, "equivalent");
    assert!(
        found[0]
            .what
            .contains("argued to be equivalent, and shown exposes it")
    );
}

#[test]
fn a_mutant_that_costs_points_in_another_hole_is_found() {
    let found = Bench::new().audit(&[KNOWN[0], KNOWN[1], SPREADS]).findings;
    finds(
        &found,
        &[
            "crates/mutants/src/lab2.rs: X03 spreads: costs points of `zero_page` in lab 2, in 4 \
           traces; first in shown: line 2, S: expected `zero r--- frames=0 slots=0`, got `f0 rw-- \
           maps=1 frames=1 slots=0` [misattribution]",
        ],
    );
}

#[test]
fn a_mutant_that_costs_points_in_an_earlier_lab_is_found() {
    let trace = "mmap 1 0x10000000 4K rw private anon\nwrite 1 0x10000000 =1\n";
    let bench = Bench::new()
        .file("labs/01-classify/lab.toml", CLASSIFY_LAB)
        .file(
            "labs/01-classify/README.md",
            "Write `classify`; see `before`.\n",
        )
        .trace("labs/01-classify/traces/before.trace", trace);
    finds(&bench.audit(&KNOWN).findings, &[]);
    let found = bench.audit(&[KNOWN[0], KNOWN[1], REACHES_BACK]).findings;
    let parts: Vec<&str> = found
        .iter()
        .filter_map(|f| f.what.split('`').nth(1))
        .collect();
    assert_eq!(parts, ["classify", "integration"], "{found:?}");
    assert!(
        found
            .iter()
            .all(|finding| finding.check == "misattribution"),
        "{found:?}"
    );
}

#[test]
fn integration_of_a_mutants_own_lab_is_no_misattribution() {
    let result = Bench::new().audit(&KNOWN);
    let together = &result.mutants[0].integration[0];
    assert_eq!((together.lab, together.exposed, together.traces), (2, 4, 4));
}

#[test]
fn a_hidden_trace_that_exposes_nobody_is_found() {
    let harmless = "mmap 1 0x10000000 8K rw private anon\nread 1 0x20000000\n";
    let bench = Bench::new()
        .edit(HIDDEN_REGISTRY, "name = \"third\"", "name = \"idle\"")
        .hidden(
            "idle",
            &(harmless.replace("read 1 0x20000000", "munmap 1 0x10000000 8K")),
        );
    finds(
        &bench.audit(&KNOWN).findings,
        &["grader/hidden/02-lazy/idle.trace: exposes no mutant [idle trace]"],
    );
}

#[test]
fn a_public_trace_that_exposes_nobody_is_documentation() {
    let shows = "mmap 1 0x10000000 8K rw private anon\n";
    let bench = Bench::new().trace("labs/02-lazy/traces/shown.trace", shows);
    let result = bench.audit(&KNOWN);
    finds(&result.findings, &[]);
    assert_eq!(result.traces[0].kills, 0);
}

#[test]
fn one_of_equal_traces_is_the_smallest_set() {
    let smallest = Bench::new().audit(&KNOWN).smallest;
    assert!(smallest.is_minimum);
    let names: Vec<&str> = smallest
        .traces
        .iter()
        .map(|trace| trace.name.as_str())
        .collect();
    assert_eq!(names, ["first"]);
}

#[test]
fn whoever_watches_can_break_off() {
    let course = Bench::new().course();
    let mut told = 0;
    let outcome = audit(&course, &KNOWN, 1, |_| {
        told += 1;
        ControlFlow::Break(())
    });
    assert!(matches!(outcome, Err(MatrixError::Stopped)));
    assert_eq!(told, 1);
}

#[test]
fn any_number_of_threads_finds_the_same() {
    let course = Bench::new().course();
    let go_on = |_: &Mutant| ControlFlow::Continue(());
    let fill = |jobs| Matrix::fill(&KNOWN, &course.papers, Scope::AllParts, jobs, go_on);
    assert_eq!(fill(1).expect("a matrix"), fill(7).expect("a matrix"));
}

#[test]
fn own_holes_alone_tell_who_is_killed() {
    let course = Bench::new().course();
    let go_on = |_: &Mutant| ControlFlow::Continue(());
    let fill = |scope| Matrix::fill(&KNOWN, &course.papers, scope, 1, go_on).expect("a matrix");
    let (own, all) = (fill(Scope::OwnHoles), fill(Scope::AllParts));
    assert_eq!(own.kills(&KNOWN), all.kills(&KNOWN));
    let cell = &own.rows[0][0];
    assert_eq!(cell.trials.len(), 1);
    let exposure = cell
        .exposure(Part::Hole(Hole::DemandZero))
        .expect("an exposure");
    assert_eq!(exposure.by, Witness::Oracle(Oracle::Value));
}
