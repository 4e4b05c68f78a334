//! Properties over random traces.
//!
//! A failing trace is printed; proptest shrinks its length and keeps its seed in
//! `proptest-regressions/`.

use std::io::Write;
use std::rc::Rc;

use proptest::prelude::*;
use runner::end::End;
use runner::replay::{Format, Replay};
use solution::Reference;
use vmsim::event::{Config, Event};
use vmsim::machine::Machine;
use vmsim::observe::{FrameName, Observation, PageState};
use vmtrace::binary::encode::Encoder;
use vmtrace::generate::{GeneratorOptions, Groups, generate};
use vmtrace::text::print::Printer;

pub(crate) fn text(config: &Config, events: &[Event]) -> String {
    let mut printer = Printer::new(Vec::new(), config).unwrap();
    for event in events {
        printer.write(event).unwrap();
    }
    String::from_utf8(printer.finish().unwrap()).unwrap()
}

fn binary(config: &Config, events: &[Event]) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new(), config).unwrap();
    for event in events {
        encoder.write(event).unwrap();
    }
    encoder.finish().unwrap()
}

/// The log of a trace; the numbers of its lines are left out, because a text
/// counts its `machine` line and a binary trace does not.
fn log(trace: &[u8]) -> String {
    let mut out = Vec::new();
    let mut replay = Replay::new(trace, Rc::new(Reference), Format::Log).unwrap();
    let end = replay.run(&mut out).unwrap();
    writeln!(out, "end {end:?}").unwrap();
    assert_eq!(end, End::Finished);
    let log = String::from_utf8(out).unwrap();
    log.lines()
        .map(|line| format!("{}\n", &line[5.min(line.len())..]))
        .collect()
}

/// Machines with memory to spare and with hardly any, and all sorts of events.
fn options() -> impl Strategy<Value = GeneratorOptions> {
    let memory = prop_oneof![
        2 => (Just(4096_u32), Just(4096_u32)),
        2 => (8_u32..=16, 8_u32..=32),
        1 => (8_u32..=16, Just(0)),
        1 => (3_u32..=6, 0_u32..=4),
    ];
    let groups = prop_oneof![3 => Just(Groups::ALL), 1 => dense()];
    let around = prop_oneof![Just(1_u16), Just(16)];
    (memory, 1_u8..=4, around, groups, 4_u64..=32, 1_usize..400).prop_map(
        |((frames, swap), cpus, fault_around, groups, arena_pages, events)| GeneratorOptions {
            events,
            cpus,
            frames,
            swap,
            fault_around,
            arena_pages,
            groups,
            ..GeneratorOptions::default()
        },
    )
}

/// Private memory, forks and swap, in close quarters.
fn dense() -> impl Strategy<Value = Groups> {
    any::<bool>().prop_map(|shared| Groups {
        forks: true,
        swap: true,
        protection: true,
        shared,
        ..Groups::NONE
    })
}

/// The first thing that the audit, after each event or of everything, finds wrong.
fn first_violation(config: &Config, events: &[Event]) -> Option<String> {
    let mut machine = Machine::new(*config, Rc::new(Reference));
    for event in events {
        let seen = machine.step(event);
        let all = seen.violations.into_iter().chain(machine.audit());
        if let Some(violation) = all.into_iter().next() {
            return Some(format!("{violation} after {event:?}"));
        }
    }
    None
}

/// What is told of an event, but for the names of frames: those follow from what was told
/// before.
fn told(seen: &Observation) -> impl PartialEq {
    let page = seen.page.map(|page| PageState {
        frame: FrameName::None,
        ..page
    });
    Observation {
        page,
        ..seen.clone()
    }
}

/// Lets two machines do the same, looks at each event of one and at few of the other's,
/// and tells the first event that they disagree about.
fn first_difference_of_a_look(config: &Config, events: &[Event], looks: usize) -> Option<String> {
    let machine = || Machine::new(*config, Rc::new(Reference));
    let (mut looked_at, mut left_alone) = (machine(), machine());
    for (number, event) in events.iter().enumerate() {
        let seen = looked_at.step(event);
        if number % looks == 0 {
            let too = left_alone.step(event);
            if told(&seen) != told(&too) {
                return Some(format!("{event:?}: {seen:?}, or {too:?}"));
            }
        } else {
            left_alone.run(event);
        }
        let outcome = left_alone.outcome();
        let (cost, faults) = (looked_at.cost(), &outcome.faults);
        if (seen.end, &seen.faults, cost) != (outcome.end, faults, left_alone.cost()) {
            return Some(format!("{event:?}: {seen:?}, or {outcome:?}"));
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_machine_does_the_same_when_nobody_looks(
        seed: u64, options in options(), looks in 2_usize..20
    ) {
        let (config, events) = generate(seed, &options);
        let difference = first_difference_of_a_look(&config, &events, looks);
        prop_assert!(
            difference.is_none(),
            "{}\n{}",
            difference.unwrap_or_default(),
            text(&config, &events)
        );
    }

    #[test]
    fn the_audit_never_fails_with_the_reference(seed: u64, options in options()) {
        let (config, events) = generate(seed, &options);
        let violation = first_violation(&config, &events);
        prop_assert!(
            violation.is_none(),
            "{}\n{}",
            violation.unwrap_or_default(),
            text(&config, &events)
        );
    }

    #[test]
    fn the_log_does_not_depend_on_the_order_of_allocation(
        seed: u64, other: u64, options in options()
    ) {
        let (config, events) = generate(seed, &options);
        let reseeded = Config { seed: other, ..config };
        let (trace, again) = (text(&config, &events), text(&reseeded, &events));
        prop_assert_eq!(log(trace.as_bytes()), log(again.as_bytes()), "{}", trace);
    }

    #[test]
    fn a_text_and_a_binary_trace_give_one_log(seed: u64, options in options()) {
        let (config, events) = generate(seed, &options);
        let trace = text(&config, &events);
        prop_assert_eq!(
            log(trace.as_bytes()),
            log(&binary(&config, &events)),
            "{}",
            trace
        );
    }
}
