//! Wrong kernels are found, and a few events are enough to show why.

use std::sync::atomic::{AtomicU32, Ordering};

use conform::ablation::can_show;
use conform::facts::Facts;
use conform::judge::Verdict;
use conform::random::{self, Shape};
use naive::rule::NaiveRule;

use crate::{broken, compared, facts, judged, reference};

/// Random traces of each shape that may be needed to find a broken rule.
const TRACES_MAX: u64 = 60;

/// Events that are enough to show it.
const EVENTS_MAX: usize = 12;

/// The number of events of the first finding among random traces.
fn events_that_show(rule: NaiveRule, facts: &Facts) -> Option<usize> {
    let shapes = [Shape::Dense, Shape::Wide];
    let all =
        (0..TRACES_MAX).flat_map(|n| shapes.map(|shape| random::trace_of(1, n, shape, facts)));
    let outcome = compared(all.collect(), facts, &broken(rule));
    outcome.findings.first().map(|finding| finding.events)
}

#[test]
fn every_broken_rule_is_found_and_shrunk() {
    let Some(facts) = facts() else { return };
    let mut unseen = Vec::new();
    for &rule in NaiveRule::ALL {
        if !can_show(rule, &facts) {
            eprintln!("skipped: {}: this computer cannot tell", rule.name());
            continue;
        }
        match events_that_show(rule, &facts) {
            Some(events) => assert!(events <= EVENTS_MAX, "{}: {events} events", rule.name()),
            None => unseen.push(rule.name()),
        }
    }
    assert!(unseen.is_empty(), "not found: {unseen:?}");
}

#[test]
fn a_difference_that_does_not_come_again_is_none() {
    let Some(facts) = facts() else { return };
    let runs = AtomicU32::new(0);
    let once_wrong = |config| match runs.fetch_add(1, Ordering::Relaxed) {
        0 => naive::machine(config, Some(NaiveRule::ZeroPageUnused)),
        _ => reference(config),
    };
    let trace = "mmap 1 0x100000000 4K rw private anon\nread 1 0x100000000\nwrite 1 0x100000000";
    let verdict = judged(trace, &facts, &once_wrong).verdict;
    assert!(matches!(verdict, Verdict::Unsteady(_)), "{verdict:?}");
}

#[test]
fn a_difference_in_two_of_three_runs_is_one() {
    let Some(facts) = facts() else { return };
    let runs = AtomicU32::new(0);
    let second_is_right = |config| match runs.fetch_add(1, Ordering::Relaxed) {
        1 => reference(config),
        _ => naive::machine(config, Some(NaiveRule::ZeroPageUnused)),
    };
    let trace = "mmap 1 0x100000000 4K rw private anon\nread 1 0x100000000\nwrite 1 0x100000000";
    let verdict = judged(trace, &facts, &second_is_right).verdict;
    assert!(matches!(verdict, Verdict::Differs(_)), "{verdict:?}");
}

#[test]
fn a_difference_that_comes_again_is_one() {
    let Some(facts) = facts() else { return };
    let trace = "mmap 1 0x100000000 4K rw private anon\nread 1 0x100000000\nwrite 1 0x100000000";
    let verdict = judged(trace, &facts, &broken(NaiveRule::ZeroPageUnused)).verdict;
    assert!(matches!(verdict, Verdict::Differs(_)), "{verdict:?}");
    let verdict = judged(trace, &facts, &reference).verdict;
    assert!(matches!(verdict, Verdict::Same), "{verdict:?}");
}
