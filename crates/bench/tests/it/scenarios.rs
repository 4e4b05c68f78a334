//! The scenarios of the benchmark of classes.

use bench::classes::{ALL, EVENTS};
use bench::plan::Look;

use crate::check;

#[test]
fn every_event_of_a_scenario_is_of_its_class() {
    for scenario in &ALL {
        let plan = (scenario.plan)();
        assert_eq!(plan.measured.len() as u64, EVENTS, "{scenario}");
        check(scenario.name, &plan, |seen| seen.class() == scenario.class);
    }
}

#[test]
fn there_is_a_scenario_for_each_class_of_the_vocabulary() {
    const VOCABULARY: [&str; 17] = [
        "hit",
        "minor zero-page",
        "minor demand-zero",
        "minor map-resident",
        "minor copy-on-write",
        "minor reuse",
        "minor write-notify",
        "minor spurious",
        "major file-read",
        "major file-read copy",
        "major swap-in",
        "major swap-in copy",
        "segv maperr",
        "segv accerr",
        "segv kernel",
        "bus adrerr",
        "oom",
    ];
    let mut measured: Vec<_> = ALL.iter().map(|scenario| scenario.class).collect();
    measured.dedup();
    assert_eq!(measured, VOCABULARY);
}

#[test]
fn the_machine_that_evicts_evicts_at_every_swap_in() {
    let scenario = ALL.iter().find(|s| s.name == "swap-in, evicting");
    let plan = (scenario.expect("it is there").plan)();
    let mut machine = plan.machine();
    let before = machine.evictions();
    plan.run(&mut machine, Look::All);
    assert_eq!(machine.evictions() - before, EVENTS);
}
