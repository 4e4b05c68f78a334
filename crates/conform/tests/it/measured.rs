//! Traces whose outcome on Linux is known: they conform here, too.

use std::path::Path;

use conform::case::{Case, Need};
use naive::rule::NaiveRule;

use crate::{compared, facts, reference};

fn conform(cases: Vec<Case>) {
    let Some(facts) = facts() else { return };
    let all = cases.len();
    let outcome = compared(cases, &facts, &reference);
    if let Some(first) = outcome.findings.first() {
        panic!("{first:#?}");
    }
    assert!(outcome.failed.is_empty(), "{:?}", outcome.failed);
    let skipped: usize = outcome.skipped.values().map(Vec::len).sum();
    assert_eq!(outcome.traces as usize + skipped, all);
    for (need, traces) in &outcome.skipped {
        eprintln!("skipped: {} {}", traces.len(), need.cases());
    }
    // What needs nothing is always run.
    let swap = outcome.skipped.get(&Need::Swap).map_or(0, Vec::len);
    assert!(swap < all, "no trace was run");
}

#[test]
fn every_trace_that_was_measured_conforms() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vmtrace/tests/linux-traces");
    let paths = Case::find(&[folder]).unwrap();
    conform(paths.iter().map(|path| Case::read(path).unwrap()).collect());
}

#[test]
fn every_trace_of_a_naive_rule_conforms_with_the_true_one() {
    let cases = NaiveRule::ALL
        .iter()
        .map(|rule| Case::parse(rule.name(), rule.trace()).unwrap());
    conform(cases.collect());
}
