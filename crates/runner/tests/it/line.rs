//! Events and what came of them in, lines of the log out.

use std::panic::Location;

use runner::line;
use runner::log::Record;
use vmsim::addr::{CpuId, VirtAddr};
use vmsim::cost::Cost;
use vmsim::fault::{Delivery, FaultClass, Repair, Signal};
use vmsim::observe::{End, FrameName, Observation, PageState, Violation, ViolationKind};
use vmsim::syscalls::Errno;
use vmtrace::open::open;
use vmtrace::text::print::EventText;

/// The line of the event that a trace ends with. Whatever it is, it must be read as it was
/// written.
fn line(trace: &str, seen: &Observation) -> String {
    let text = format!("machine cpus=4\n{trace}");
    let mut trace = open(text.as_bytes()).expect("a trace");
    let last = trace.by_ref().last().expect("an event").expect("an event");
    let (event, names) = (&last.event, trace.names());
    let mut line = String::new();
    let written = line::write(&mut line, last.number, EventText { event, names }, seen);
    written.expect("a string takes everything");
    let line = line.strip_suffix('\n').expect("a line has an end");
    let read = Record::parse(line).expect("a line of the log");
    assert_eq!(read.to_string(), line);
    line.to_owned()
}

/// The columns of the line, from the class on.
fn columns(trace: &str, seen: &Observation) -> String {
    let line = line(trace, seen);
    let (_, columns) = line.split_once(" | ").expect("a line has columns");
    columns.to_owned()
}

const READ: &str = "read 1 0x1000";

/// A read that hits, and finds a 5.
fn hit() -> Observation {
    Observation {
        event: 0,
        pid: None,
        cpu: CpuId(0),
        addr: None,
        is_access: true,
        faults: Vec::new(),
        end: End::Done,
        value: Some(5),
        page: Some(PageState {
            frame: FrameName::Numbered(0),
            writable: true,
            executable: false,
            dirty: true,
            mappings: 1,
        }),
        frames_used: 4,
        slots_used: 2,
        violations: Vec::new(),
        cost: Cost::default(),
    }
}

/// A system call that did what it was asked for.
fn call() -> Observation {
    Observation {
        is_access: false,
        value: None,
        page: None,
        ..hit()
    }
}

fn demand_zero() -> FaultClass {
    FaultClass {
        major: false,
        repair: Repair::DemandZero,
        copy: false,
    }
}

#[test]
fn a_line_has_a_number_an_event_and_seven_columns() {
    let line = line(READ, &hit());
    let columns = "| K hit | V 5 | G | S f0 rw-d maps=1 frames=4 slots=2 | I | T | C";
    assert_eq!(line, format!("   2 {:<42} {columns}", "read 1 0x1000"));
}

#[test]
fn an_event_wider_than_its_column_pushes_the_others() {
    let event = "copyout 3 0xffffffffffffffff 4096B =18446744073709551615 @2";
    let line = line(event, &hit());
    assert!(
        line.starts_with(&format!("   2 {event} | K hit |")),
        "{line}"
    );
}

#[test]
fn a_number_wider_than_its_column_pushes_the_others() {
    let line = line(&format!("{READ}\n").repeat(9_999), &hit());
    assert!(line.starts_with("10000 read 1 0x1000  "), "{line}");
}

#[test]
fn faults_are_joined_and_more_than_two_equal_ones_counted() {
    let copy = FaultClass {
        major: true,
        repair: Repair::SwapIn,
        copy: true,
    };
    for (faults, class) in [
        (vec![demand_zero()], "minor demand-zero"),
        (vec![copy; 2], "major swap-in copy then major swap-in copy"),
        (
            vec![demand_zero(), copy, copy, copy],
            "minor demand-zero then major swap-in copy x3",
        ),
    ] {
        let seen = Observation { faults, ..hit() };
        let columns = columns(READ, &seen);
        assert!(
            columns.starts_with(&format!("K {class} | V 5 ")),
            "{columns}"
        );
    }
}

#[test]
fn an_access_that_fails_ends_its_class_and_its_process() {
    let signal = Signal::maperr(VirtAddr(0x1000));
    let oom = "K minor demand-zero then oom | V died | G SIGKILL |";
    let killed = "K minor demand-zero then segv maperr | V died | G SIGSEGV maperr 0x1000 killed |";
    let handled = "K minor demand-zero then segv maperr | V | G SIGSEGV maperr 0x1000 handler |";
    for (end, expected) in [
        (End::OutOfMemory, oom),
        (End::Signalled(signal, Delivery::Terminate), killed),
        (End::Signalled(signal, Delivery::RunHandler), handled),
        (End::Livelock, "K minor demand-zero then livelock | V | G |"),
    ] {
        let faults = vec![demand_zero()];
        let seen = Observation {
            faults,
            end,
            value: None,
            ..hit()
        };
        let columns = columns(READ, &seen);
        assert!(columns.starts_with(expected), "{columns}");
    }
}

#[test]
fn an_error_is_a_signals_business_and_no_class() {
    let end = End::Failed(Errno::Einval);
    let seen = Observation { end, ..call() };
    let columns = columns("brk 1 0x5000000", &seen);
    assert_eq!(columns, "K | V | G EINVAL | S frames=4 slots=2 | I | T | C");
}

#[test]
fn an_access_of_nobody_has_no_class() {
    let seen = Observation {
        end: End::Failed(Errno::Esrch),
        value: None,
        page: None,
        ..hit()
    };
    let columns = columns("read 7 0x1000", &seen);
    assert!(
        columns.starts_with("K no process | V | G ESRCH | S frames=4"),
        "{columns}"
    );
}

#[test]
fn a_page_shows_its_frame_and_what_its_entry_allows() {
    let state = |frame, writable, executable, dirty| PageState {
        frame,
        writable,
        executable,
        dirty,
        mappings: 12,
    };
    for (page, shown) in [
        (
            state(FrameName::Numbered(345), false, true, false),
            "f345 r-x- maps=12",
        ),
        (
            state(FrameName::Numbered(1), true, true, true),
            "f1 rwxd maps=12",
        ),
        (state(FrameName::Zero, false, false, false), "zero r---"),
        (state(FrameName::Swapped, true, true, true), "swap"),
        (state(FrameName::None, true, true, true), "-"),
    ] {
        let page = Some(page);
        let columns = columns(READ, &Observation { page, ..hit() });
        assert!(
            columns.contains(&format!("| S {shown} frames=4 slots=2 |")),
            "{columns}"
        );
    }
}

#[test]
fn costs_are_told_if_there_are_any_but_for_flushes_and_tables() {
    let cost = Cost {
        zeroed: 1,
        copied: 20,
        disk_reads: 0,
        disk_writes: 3,
        local_flushes: 4,
        remote_flushes: 5,
        needless_flushes: 6,
        table_pages: 7,
    };
    let columns = columns(READ, &Observation { cost, ..hit() });
    assert!(
        columns.ends_with("| C zeroed=1 copied=20 disk-writes=3"),
        "{columns}"
    );
}

#[test]
fn needless_flushes_are_told_of_mprotect_and_spurious_faults_even_if_none() {
    let (mprotect, spurious) = ("mprotect 1 0x1000 4K r", Repair::Spurious);
    let needless = |needless_flushes| Cost {
        needless_flushes,
        ..Cost::default()
    };
    let faults = vec![FaultClass {
        repair: spurious,
        ..demand_zero()
    }];
    let spurious = Observation {
        faults,
        cost: Cost {
            zeroed: 1,
            ..needless(2)
        },
        ..hit()
    };
    let cost = needless(0);
    let none = columns(mprotect, &Observation { cost, ..call() });
    assert!(none.ends_with("| C needless-flushes=0"), "{none}");
    let two = columns(READ, &spurious);
    assert!(two.ends_with("| C zeroed=1 needless-flushes=2"), "{two}");
}

#[test]
fn what_an_audit_found_stays_in_its_column_whatever_it_says() {
    let violation = |kind, what: &str| Violation {
        kind,
        what: what.to_owned(),
        location: Some(Location::caller()),
    };
    let violations = vec![
        violation(ViolationKind::StaleTlb, "a | b\r\n | C zeroed=0"),
        violation(ViolationKind::Invariant, "first"),
        violation(ViolationKind::Invariant, "second"),
    ];
    let seen = Observation {
        violations,
        ..hit()
    };
    let line = line(READ, &seen);
    let read = Record::parse(&line).expect("a line of the log");
    let place = |at: &str| at.split_once(" at ").expect("a place").0.to_owned();
    let [.., invariants, tlb, cost] = read.columns;
    assert_eq!(place(&invariants), "invariant: first");
    assert_eq!(place(&tlb), "stale TLB: a / b// / C zeroed=0");
    assert_eq!(cost, "");
}
