//! `docs/linux-rules.md` says what the traces and the command say.

mod document;
mod notation;

use std::collections::BTreeSet;
use std::fs;

use comparable::computer::{Computer, Swap};
use comparable::exclusion::Exclusion;
use comparable::twin::Switch;
use conform::case::Need;
use conform::facts::{Facts, Pages};
use naive::rule::NaiveRule;
use vmsim::addr::VirtAddr;
use vmsim::rules::Rule;

use crate::ideal;
use document::{regenerated, rules, section, text, traces};

/// `UPDATE_RULES=1 cargo test -p conform rules` writes what is generated.
#[test]
fn what_was_measured_is_what_the_traces_say() {
    if std::env::var_os("UPDATE_RULES").is_some() {
        fs::write(document::path(), regenerated(&text())).expect("the document can be written");
    }
    let text = text();
    let made = regenerated(&text);
    let stale = made.lines().zip(text.lines()).find(|(made, is)| made != is);
    assert!(
        made == text,
        "stale: `UPDATE_RULES=1 cargo test -p conform rules` writes it; {stale:#?}"
    );
}

#[test]
fn the_rules_are_those_that_the_kit_cites_in_order() {
    let written: Vec<String> = (rules(&text()).into_iter())
        .map(|rule| rule.number)
        .collect();
    let cited: Vec<String> = Rule::all().map(|rule| rule.to_string()).collect();
    assert_eq!(written, cited);
}

#[test]
fn every_rule_names_its_functions_and_a_trace_that_was_measured() {
    for rule in rules(&text()) {
        let has_file = rule.from.contains(".c)") || rule.from.contains(".h)");
        assert!(rule.from.starts_with('`') && has_file, "{rule:?}");
        let shown = |id| rule.shown_by.contains(id);
        let measured = !rule.measured.is_empty() && rule.measured.iter().all(shown);
        assert!(measured, "{rule:?}");
    }
}

#[test]
fn every_trace_is_cited_and_every_cited_one_is_there() {
    let traces: BTreeSet<String> = traces().into_keys().collect();
    let cited: BTreeSet<String> = (rules(&text()).into_iter())
        .flat_map(|rule| rule.shown_by)
        .collect();
    assert_eq!(cited, traces);
}

#[test]
fn every_exclusion_is_explained_in_the_words_of_the_command() {
    let section = section("What is not compared, and why");
    for (number, exclusion) in (1..).zip(Exclusion::ALL) {
        let entry = format!("**N{number} \"{exclusion}\".**");
        assert!(section.contains(&entry), "{entry} is missing");
    }
    let next = format!("**N{} ", Exclusion::ALL.len() + 1);
    assert!(!section.contains(&next), "{next} is no exclusion");
}

#[test]
fn whatever_a_computer_may_lack_is_named() {
    let section = section("What is not compared, and why");
    let worst = |swap| Facts {
        files: false,
        heap: false,
        pages: Pages::Hidden,
        computer: Computer {
            swap,
            fault_around: false,
            exec_only_readable: false,
            four_level_paging: false,
            lowest_address: VirtAddr(4096),
            ..Computer::BEST
        },
        ..ideal()
    };
    let swaps = [Swap::Cached, Swap::Twice, Swap::None];
    let lacks = swaps.map(|swap| worst(swap).lacks());
    let skipped = lacks.iter().flatten().map(|lack| lack.skipped);
    let needs = [Need::Swap, Need::Zram, Need::Files, Need::Heap].map(Need::cases);
    for words in skipped.chain(needs) {
        assert!(
            section.contains(&format!("| {words} |")),
            "`{words}` is missing"
        );
    }
}

#[test]
fn every_switch_is_explained_in_the_words_of_the_command() {
    let section = section("Where the kit differs on purpose");
    for switch in [
        Switch::OneCpu,
        Switch::FaultAround(16),
        Switch::NoReadahead,
        Switch::MemoryToSpare,
    ] {
        assert!(
            section.contains(&format!("\"{switch}\"")),
            "{switch} is missing"
        );
    }
}

#[test]
fn every_wrong_belief_is_counted() {
    let section = section("Would a wrong rule be noticed?");
    for rule in NaiveRule::ALL {
        let cells = format!("| {} | {} |", rule.rule(), rule.belief());
        assert!(section.contains(&cells), "`{cells}` is missing");
    }
}
