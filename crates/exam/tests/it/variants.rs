//! Scenarios told anew.

use std::collections::BTreeSet;

use course::catalogue::Visibility;
use exam::script::Script;
use exam::variant::variant;

use crate::{catalogue, papers};

/// The addresses that a trace maps.
fn mapped(script: &Script) -> BTreeSet<u64> {
    let events = script.events.iter();
    let mappings = events.filter(|event| matches!(event.op, vmsim::event::Op::Mmap { .. }));
    mappings
        .filter_map(|event| event.op.addr())
        .map(|addr| addr.0)
        // What lies at the ends of user space means something by itself.
        .filter(|addr| (16 << 20..1 << 46).contains(addr))
        .collect()
}

#[test]
fn nearly_every_scenario_can_be_told_anew_elsewhere() {
    let all = papers(&catalogue());
    let (mut told, mut untold) = (0, Vec::new());
    for paper in all
        .iter()
        .filter(|paper| paper.visibility == Visibility::Hidden)
    {
        let scenario = Script::read(&paper.trace).expect("a trace of this year");
        match variant(&scenario, 1) {
            None => untold.push(&paper.name),
            Some(variant) => {
                told += 1;
                let both = &mapped(&scenario) & &mapped(&variant);
                assert!(both.is_empty(), "{}: {both:x?}", paper.name);
            }
        }
    }
    assert!(untold.len() * 20 <= told, "{untold:?}");
}

#[test]
fn numbers_tell_it_differently() {
    let trace = b"mmap 1 0x10000000 8K rw private anon\nwrite 1 0x10000000 =7\nfork 1 2\n\
                  write 2 0x10000000 =8\nread 1 0x10000000\n";
    let scenario = Script::read(trace).expect("a trace");
    let told: BTreeSet<String> = (0..10)
        .filter_map(|number| variant(&scenario, number))
        .map(|variant| variant.bare_text())
        .collect();
    assert_eq!(told.len(), 10);
    assert_eq!(variant(&scenario, 3), variant(&scenario, 3));
}
