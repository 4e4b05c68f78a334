//! The answer keys: made here from the reference, reviewed by a person, read by the
//! grader.

use std::collections::BTreeMap;
use std::fs;

use course::catalogue::Visibility;
use runner::log::{Oracle, Record};
use runner::replay::Format;

use crate::workspace::{catalogue, log, replay, traces};

#[test]
fn the_reference_agrees_with_every_key() {
    let catalogue = catalogue();
    for (_, trace) in traces(&catalogue) {
        let log = log(trace);
        insta::with_settings!({
            snapshot_path => trace.key.parent().expect("a key is in a folder"),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(trace.name.as_str(), log);
        });
        let key = verdict::key::read(&trace.key).unwrap_or_else(|error| panic!("{error}"));
        let records: Vec<Record> = log.lines().filter_map(Record::parse).collect();
        assert_eq!(
            key,
            records,
            "the grader reads {} as it was written",
            trace.key.display()
        );
    }
}

/// The comments were written by thought, from the rules of Linux; the reference must
/// agree with them access by access.
#[test]
fn the_reference_does_what_the_comments_say() {
    let catalogue = catalogue();
    let mut wrong = Vec::new();
    for (_, trace) in traces(&catalogue) {
        let text = fs::read_to_string(&trace.path).expect("a trace is text");
        let lines: Vec<&str> = text.lines().collect();
        let log = replay(&trace.path, Format::Log);
        for record in log
            .lines()
            .filter_map(Record::parse)
            .filter(|record| record.line > 0)
        {
            let line = lines[record.line as usize - 1];
            let class = record.column(Oracle::Class);
            let expected = line.split_once("# => ").map(|(_, outcome)| outcome.trim());
            let is_access = !class.is_empty();
            match expected {
                Some(expected) if expected == class => {}
                None if !is_access || is_populate(&record.event) => {}
                _ => wrong.push(format!(
                    "{}:{}: {} expected {expected:?}, got {class:?}",
                    trace.path.display(),
                    record.line,
                    record.event
                )),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_populate(event: &str) -> bool {
    event.starts_with("mmap") || event.starts_with("madvise")
}

/// The graded vocabulary: section 4 of the design.
const CLASSES: [&str; 17] = [
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

#[test]
fn every_class_occurs_in_two_public_and_two_hidden_traces() {
    let catalogue = catalogue();
    let mut found: BTreeMap<(&str, Visibility), Vec<&str>> = BTreeMap::new();
    for (_, trace) in traces(&catalogue) {
        let log = replay(&trace.path, Format::Log);
        for class in CLASSES {
            let occurs = log.lines().filter_map(Record::parse).any(|record| {
                record.line > 0
                    && record
                        .column(Oracle::Class)
                        .split(" then ")
                        .any(|c| c == class)
            });
            if occurs {
                found
                    .entry((class, trace.visibility))
                    .or_default()
                    .push(&trace.name);
            }
        }
    }
    let mut missing = Vec::new();
    for class in CLASSES {
        for visibility in [Visibility::Public, Visibility::Hidden] {
            let count = found.get(&(class, visibility)).map_or(0, Vec::len);
            if count < 2 {
                missing.push(format!("{class}: {count} {visibility:?} traces"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
