//! The VMAs of a process: whoever asks for one gets what a look at all of them finds.

use std::rc::Rc;

use proptest::prelude::*;
use solution::Reference;
use vmsim::addr::{Pid, Vpn};
use vmsim::event::{Config, Event};
use vmsim::machine::Machine;
use vmsim::vma::Vma;
use vmsim::vmas::Vmas;
use vmtrace::generate::{GeneratorOptions, Groups, generate};
use vmtrace::text::parser::Parser;

use crate::properties::text;

/// Pages at which something may begin or end, and those beside them.
fn edges(areas: &[Vma]) -> impl Iterator<Item = Vpn> {
    let around = |vpn: Vpn| [vpn.0.saturating_sub(1), vpn.0, vpn.0 + 1];
    let edges = areas.iter().flat_map(|vma| [vma.start, vma.end]);
    edges.flat_map(around).map(Vpn)
}

/// The first question that is answered wrongly.
fn wrong_answer(vmas: &Vmas) -> Option<String> {
    let areas: Vec<Vma> = vmas.iter().copied().collect();
    if let Some(pair) = areas.windows(2).find(|pair| pair[0].end > pair[1].start) {
        return Some(format!("{} is before {}", pair[0], pair[1]));
    }
    edges(&areas).find_map(|vpn| {
        let covers = areas.iter().find(|vma| vma.contains(vpn));
        let above = areas.iter().find(|vma| vma.end > vpn);
        let below = areas.iter().rfind(|vma| vma.end <= vpn);
        let right = [covers, above, below];
        let told = [vmas.find(vpn), vmas.at_or_above(vpn), vmas.below(vpn)];
        (told != right).then(|| format!("{vpn:?}: {told:?}, not {right:?}"))
    })
}

/// The first event after which something is answered wrongly.
fn first_wrong_answer(config: &Config, events: &[Event]) -> Option<String> {
    let mut machine = Machine::new(*config, Rc::new(Reference));
    events.iter().find_map(|event| {
        machine.run(event);
        let mut processes = machine.processes();
        let wrong = processes.find_map(|(_, process)| wrong_answer(&process.vmas))?;
        Some(format!("{wrong} after {event:?}"))
    })
}

/// The VMAs of a process after a trace, as `/proc/PID/maps` has them.
fn maps(pid: u32, trace: &str) -> Vec<String> {
    let parser = Parser::new(trace.as_bytes()).unwrap();
    let mut machine = Machine::new(*parser.config(), Rc::new(Reference));
    for line in parser {
        machine.run(&line.unwrap().event);
    }
    let mm = machine.mm(Pid(pid)).unwrap();
    mm.vmas().iter().map(Vma::to_string).collect()
}

/// Two neighbours that their protection keeps apart, the first of them written.
const NEIGHBOURS: &str = "mmap 1 0x100000000 4K rw private anon
mmap 1 0x100001000 4K rwx private anon
write 1 0x100000000
";

// What these two expect is what `/proc/PID/maps` shows on Linux 6.18 after the same calls.

#[test]
fn neighbours_that_were_written_merge() {
    let trace = format!("{NEIGHBOURS}write 1 0x100001000\nmprotect 1 0x100001000 4K rw\n");
    assert_eq!(
        maps(1, &trace),
        ["[0x100000000, 0x100002000) rw private anon"]
    );
}

#[test]
fn a_child_does_not_merge_what_it_writes_with_what_it_inherited() {
    let child = "write 2 0x100001000\nmprotect 2 0x100001000 4K rw\n";
    let parent = "write 1 0x100001000\nmprotect 1 0x100001000 4K rw\n";
    let trace = format!("{NEIGHBOURS}fork 1 2\n{child}{parent}");
    let apart = [
        "[0x100000000, 0x100001000) rw private anon",
        "[0x100001000, 0x100002000) rw private anon",
    ];
    assert_eq!(maps(2, &trace), apart);
    assert_eq!(
        maps(1, &trace),
        ["[0x100000000, 0x100002000) rw private anon"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn one_is_found_as_by_looking_at_all(seed: u64, arena_pages in 4_u64..=64, events in 1_usize..400) {
        let options = GeneratorOptions {
            events,
            arena_pages,
            groups: Groups::ALL,
            ..GeneratorOptions::default()
        };
        let (config, events) = generate(seed, &options);
        let wrong = first_wrong_answer(&config, &events);
        prop_assert!(wrong.is_none(), "{}\n{}", wrong.unwrap_or_default(), text(&config, &events));
    }
}
