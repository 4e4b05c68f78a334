//! Random traces are valid, varied and the same for the same seed.

use std::collections::HashSet;
use std::mem::discriminant;

use proptest::prelude::*;
use vmsim::addr::Pid;
use vmsim::event::{Event, Op};
use vmtrace::generate::{GeneratorOptions, Groups, generate};
use vmtrace::valid::pids;

use crate::{random, replay, text};

/// Follows the family: only the living act, and children are new.
fn check_family(events: &[Event]) {
    let (mut alive, mut seen) = (HashSet::from([Pid(1)]), HashSet::from([Pid(1)]));
    for event in events {
        if let Some(pid) = pids(&event.op)[0] {
            assert!(alive.contains(&pid), "{event:?} of the dead");
        }
        match event.op {
            Op::Fork { child, .. } => {
                assert!(seen.insert(child), "{child} was there before");
                alive.insert(child);
            }
            Op::Exit { pid } => assert!(alive.remove(&pid)),
            _ => {}
        }
        assert!((1..=5).contains(&alive.len()));
    }
}

proptest! {
    #[test]
    fn only_living_processes_act(seed: u64) {
        check_family(&random(seed, 500).1);
    }

    #[test]
    fn strange_options_do_no_harm(
        seed: u64,
        (arena_pages, arenas, invalid_percent) in (0..3_u64, 0..3_u64, 0..=100_u64),
    ) {
        let options = GeneratorOptions { arena_pages, arenas, invalid_percent, ..Default::default() };
        prop_assert_eq!(generate(seed, &options).1.len(), options.events);
    }
}

#[test]
fn every_kind_of_event_occurs() {
    let kinds = random(1, 5000)
        .1
        .iter()
        .map(|event| discriminant(&event.op))
        .collect::<HashSet<_>>();
    assert_eq!(kinds.len(), 17);
}

#[test]
fn without_groups_a_process_is_alone_with_its_memory() {
    let options = GeneratorOptions {
        events: 2000,
        groups: Groups::NONE,
        ..Default::default()
    };
    for event in generate(1, &options).1 {
        let plain = matches!(
            event.op,
            Op::Read { .. } | Op::Write { .. } | Op::Mmap { .. } | Op::Sigaction { .. }
        );
        assert!(plain, "{event:?}");
    }
}

#[test]
fn accesses_go_wrong_as_often_as_asked() {
    let groups = Groups {
        files: false,
        stack: false,
        heap: false,
        ..Groups::ALL
    };
    for invalid_percent in [0, 2, 20] {
        let options = GeneratorOptions {
            events: 20_000,
            groups,
            invalid_percent,
            ..Default::default()
        };
        let (all, wrong) = replay::count(&generate(3, &options).1);
        // Within half of the rate, and none means none.
        let wanted = all * invalid_percent / 100;
        assert!(
            wrong.abs_diff(wanted) <= wanted / 2,
            "{wrong} of {all} at {invalid_percent} %"
        );
    }
}

#[test]
fn a_seed_gives_the_same_trace_for_ever() {
    let (config, events) = random(7, 6);
    // If this fails, seeds in bug reports have lost their meaning.
    assert_eq!(text(&config, &events), include_str!("../seed-7.trace"));
}
