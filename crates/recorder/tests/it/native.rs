//! The demo on the simulated machine, against the same program on Linux: fault by
//! fault, with page, error code and mode.

use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use recorder::compact::Compaction;
use recorder::import::Request;
use recorder::perf;
use solution::Reference;
use vmsim::machine::Machine;
use vmsim::observe::End;
use vmtrace::text::parser::Parser;

use crate::recorded::{DEMO_PIDS, demo, program};
use crate::workspace::{recorded, trace};

/// A fault as both lists have it: where the recording has the page.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fault {
    process: u32,
    page: u64,
    error_code: u32,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "process {} page {:#x} error code {:#x}",
            self.process,
            self.page << 12,
            self.error_code
        )
    }
}

/// What Linux put elsewhere than valgrind did: its addresses, and where they begin
/// in the recording. All other addresses are the same.
const PLACES: [(Range<u64>, u64); 3] = [
    (HEAP, 0x400_0000),
    (0x7f62_dc9f_c000..0x7f62_dca0_4000, 0x480_0000),
    (STACK, 0x1f_feff_f000),
];

const HEAP: Range<u64> = 0x1946_b000..0x1948_d000;
const STACK: Range<u64> = 0x7ffc_3be8_1000..0x7ffc_3be8_4000;

/// What Linux has and the replay does not, and why.
const ONLY_ON_LINUX: [(&str, &str); 3] = [
    (
        "process 1 page 0x1fff001000 error code 0x2",
        "exec stores the program's arguments and environment: natively they begin \
         one page higher than what the program itself uses of its stack, under \
         valgrind they are in the same page",
    ),
    (
        "process 1 page 0x7f62dca0a000 error code 0x4",
        "the C library reads the vDSO, which valgrind hides from the program",
    ),
    (
        "process 1 page 0x4000000 error code 0x3",
        "after the fork the kernel is the first to write the thread's descriptor: it \
         clears `rseq_cs` (rseq(2)) as the process runs on; valgrind has no rseq",
    ),
];

/// What the replay has and Linux does not, and why.
const ONLY_IN_THE_REPLAY: [(&str, &str); 1] = [(
    "process 1 page 0x4000000 error code 0x7",
    "the same page as the last one: without rseq, the program is the first to write it",
)];

#[test]
fn the_demo_faults_where_it_did_on_linux() {
    let linux = on_linux();
    let replayed = in_the_replay(Compaction::None);
    assert_eq!((linux.len(), replayed.len()), (50, 48));
    assert_eq!(difference(&linux, &replayed), known(&ONLY_ON_LINUX));
    assert_eq!(difference(&replayed, &linux), known(&ONLY_IN_THE_REPLAY));
}

/// Early in the C library's start; which page is first depends on the environment
/// that it goes through.
const IN_ANY_ORDER: [u64; 2] = [0x47d, 0x4a4];

#[test]
fn the_demo_faults_in_the_order_of_linux() {
    let linux = on_linux();
    let replayed = in_the_replay(Compaction::None);
    for process in [1, 2] {
        assert_eq!(
            common(&linux, &ONLY_ON_LINUX, process),
            common(&replayed, &ONLY_IN_THE_REPLAY, process)
        );
    }
}

/// The faults of a process without the known differences, in their order.
fn common(faults: &[Fault], without: &[(&str, &str)], process: u32) -> Vec<String> {
    let mut faults: Vec<_> = faults
        .iter()
        .filter(|fault| fault.process == process)
        .filter(|fault| !known(without).contains(&fault.to_string()))
        .collect();
    for pair in 1..faults.len() {
        let pages = [faults[pair].page, faults[pair - 1].page];
        if pages == IN_ANY_ORDER {
            faults.swap(pair - 1, pair);
        }
    }
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn compaction_leaves_every_fault_of_the_demo() {
    let whole = in_the_replay(Compaction::None);
    let compacted = in_the_replay(Compaction::PerPage);
    assert_eq!(difference(&whole, &compacted), known(&[]));
    assert_eq!(difference(&compacted, &whole), known(&[]));
}

/// What labs/recorded/README.md explains. Native runs have 50, 50, 109 and 108.
#[test]
fn the_totals_of_the_recordings_are_those_of_the_readme() {
    assert_eq!(total(&demo()), 48);
    assert_eq!(total(&program("true")), 53);
    assert_eq!(total(&program("ls")), 114);
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "4.8 million lines take 15 s without optimisation"
)]
fn the_total_of_sort_is_that_of_the_readme() {
    assert_eq!(total(&program("sort")), 111);
}

/// The faults of all processes, none of them major and none without a repair.
#[track_caller]
fn total(request: &Request) -> usize {
    let (text, _) = trace(request).unwrap();
    let events = Parser::new(text.as_bytes()).unwrap();
    let mut machine = Machine::new(*events.config(), Rc::new(Reference));
    let mut faults = 0;
    for line in events {
        let line = line.unwrap();
        let seen = machine.step(&line.event);
        assert_eq!(seen.end, End::Done, "line {}", line.number);
        assert_eq!(seen.violations, [], "line {}", line.number);
        assert!(!seen.faults.iter().any(|fault| fault.major));
        faults += seen.faults.len();
    }
    assert_eq!(machine.audit(), []);
    faults
}

fn known(list: &[(&str, &str)]) -> Vec<String> {
    let mut faults: Vec<_> = list.iter().map(|(fault, _)| (*fault).to_owned()).collect();
    faults.sort();
    faults
}

/// The faults of one list that the other does not have, or not so often.
fn difference(these: &[Fault], those: &[Fault]) -> Vec<String> {
    let mut left = those.to_vec();
    let mut found: Vec<_> = these
        .iter()
        .filter(
            |fault| match left.iter().position(|other| other == *fault) {
                Some(at) => {
                    left.swap_remove(at);
                    false
                }
                None => true,
            },
        )
        .map(ToString::to_string)
        .collect();
    found.sort();
    found
}

fn on_linux() -> Vec<Fault> {
    let faults = perf::faults(&recorded("demo-kernel-faults.txt")).unwrap();
    let faults = faults.iter().map(|fault| Fault {
        process: DEMO_PIDS.iter().position(|&pid| pid == fault.pid).unwrap() as u32 + 1,
        page: in_the_recording(fault.address.0) >> 12,
        error_code: fault.error_code,
    });
    faults.collect()
}

fn in_the_recording(addr: u64) -> u64 {
    let place = PLACES.iter().find(|(native, _)| native.contains(&addr));
    place.map_or(addr, |(native, start)| addr - native.start + start)
}

fn in_the_replay(compaction: Compaction) -> Vec<Fault> {
    let request = Request {
        compaction,
        ..demo()
    };
    let (text, _) = trace(&request).unwrap();
    let events = Parser::new(text.as_bytes()).unwrap();
    let mut machine = Machine::new(*events.config(), Rc::new(Reference));
    machine.watch();
    let mut faults = Vec::new();
    for line in events {
        machine.step(&line.unwrap().event);
        let trail = machine.trail().unwrap().faults();
        faults.extend(trail.iter().map(|step| Fault {
            process: step.fault.page.pid.0,
            page: step.fault.page.vpn.0,
            error_code: step.fault.code.bits(),
        }));
    }
    faults
}
