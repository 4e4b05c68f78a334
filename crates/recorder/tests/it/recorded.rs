//! Real programs, against what can be counted by hand or was counted by others.

use std::collections::BTreeSet;

use recorder::compact::Compaction;
use recorder::cut::Cut;
use recorder::import::{Request, import};
use recorder::perf::{KernelFault, faults};
use recorder::summary::Summary;
use vmtrace::text::parser::Parser;

use crate::checker::Checker;
use crate::workspace::{self, recorded};

/// The first address behind the demo program's segments.
const DEMO_END: u64 = 0x4a_f000;

/// The demo's processes, as the kernel numbered them: the first one and its child.
pub const DEMO_PIDS: [u32; 2] = [25502, 25508];

pub fn program(name: &str) -> Request {
    let log = recorded(&format!("{name}.log.xz"));
    Request {
        log,
        compaction: Compaction::PerPage,
        ..Request::default()
    }
}

pub fn demo() -> Request {
    let children = vec![recorded("demo-child.log.xz")];
    Request {
        children,
        segments: Some(recorded("demo-segments.txt")),
        ..program("demo-parent")
    }
}

fn trace(request: &Request) -> (String, Summary) {
    workspace::trace(request).unwrap()
}

/// The lines of a trace that are about these addresses.
fn about<'a>(trace: &'a str, addr: &str) -> Vec<&'a str> {
    trace.lines().filter(|line| line.contains(addr)).collect()
}

#[track_caller]
fn nothing_is_wild(request: &Request) {
    let mut checker = Checker::default();
    import(request, &mut checker).unwrap();
    assert_eq!(checker.wild, []);
}

/// But for the 16 reads of `bss`: nothing ever writes the array, so the compiler
/// left it out, and neither the headers nor the kernel's list know of it.
#[test]
fn the_demo_does_what_its_source_says() {
    let (trace, _) = trace(&demo());
    assert_eq!(
        about(&trace, " 0x480"),
        [
            "mmap 1 0x4800000 32K rw private anon",
            "write 1 0x4800000",
            "write 1 0x4801000",
            "write 1 0x4802000",
            "write 1 0x4803000",
            "write 1 0x4804000",
            "write 1 0x4805000",
            "write 1 0x4806000",
            "write 1 0x4807000",
            "write 2 0x4800000",
            "write 1 0x4801000",
            "munmap 1 0x4800000 32K",
        ]
    );
    let ends: Vec<_> = trace
        .lines()
        .filter(|line| line.starts_with("fork") || line.starts_with("exit"))
        .collect();
    assert_eq!(ends, ["fork 1 2", "exit 2", "exit 1"]);
}

#[test]
fn the_demo_is_mapped_as_its_headers_say() {
    let (trace, _) = trace(&demo());
    assert_eq!(
        trace.lines().take(14).collect::<Vec<_>>(),
        [
            "machine frames=65536 swap=65536 cpus=1 seed=0 fault-around=16 readahead=0 heap=0x4000000 stack-limit=8M",
            "# a recording of `./demo_static`",
            "# mapped before it began: by its program headers",
            "file demo_static 684688 warm",
            "mmap 1 0x400000 4K r private demo_static",
            "mmap 1 0x401000 484K rx private demo_static+0x1000",
            "mmap 1 0x47a000 160K r private demo_static+0x7a000",
            "mmap 1 0x4a2000 28K rw private demo_static+0xa1000",
            "mmap 1 0x4a9000 24K rw private anon",
            "mmap 1 0x1fff000000 4K rw private anon growsdown",
            "copyout 1 0x4a8290 3440B",
            "# GNU_RELRO 0x4a2698-0x4a6000: made read-only later, by the program",
            "copyout 1 0x1fff000760 8B",
            "# the program begins",
        ]
    );
}

/// The kernel's list is of a native run: its stack, heap and mappings lie
/// elsewhere, but the program itself does not, and does the same.
#[test]
fn every_fault_of_the_kernel_in_the_demo_has_its_access_in_the_trace() {
    let (trace, _) = trace(&demo());
    let touched: BTreeSet<_> = trace.lines().filter_map(touch).collect();
    let faults = faults(&recorded("demo-kernel-faults.txt")).unwrap();
    let in_program: Vec<_> = faults
        .iter()
        .filter(|fault| fault.address.0 < DEMO_END)
        .collect();
    let missing: Vec<_> = in_program
        .iter()
        .filter(|fault| !touched.contains(&wanted(fault)))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
    assert_eq!(in_program.len(), 30);
}

/// Process, page and kind of an access in a trace.
fn touch(line: &str) -> Option<(u32, u64, &'static str)> {
    let mut words = line.split(' ');
    let kind = match words.next()? {
        "read" | "copyin" => "read",
        "write" | "copyout" => "write",
        "exec" => "exec",
        _ => return None,
    };
    let pid = words.next()?.parse().ok()?;
    let addr = u64::from_str_radix(words.next()?.strip_prefix("0x")?, 16).ok()?;
    Some((pid, addr >> 12, kind))
}

fn wanted(fault: &KernelFault) -> (u32, u64, &'static str) {
    let pid = DEMO_PIDS.iter().position(|&pid| pid == fault.pid).unwrap() as u32 + 1;
    let kind = match fault.error_code & 0x12 {
        0x10 => "exec",
        0x02 => "write",
        _ => "read",
    };
    (pid, fault.address.page().0, kind)
}

#[test]
fn no_program_touches_what_it_has_not_mapped() {
    nothing_is_wild(&demo());
    nothing_is_wild(&program("true"));
    nothing_is_wild(&program("ls"));
    nothing_is_wild(&Request {
        segments: None,
        ..demo()
    });
}

/// Counted by grep and sort: 69 pages in the parent's accesses, 8 in the child's,
/// and the one that holds the path that readlink(2) reads.
#[test]
fn the_demo_touches_78_pages() {
    let (_, summary) = trace(&demo());
    assert_eq!((summary.pages, summary.processes), (78, 2));
    let records = &summary.records;
    assert_eq!(
        (
            records.fetches,
            records.loads,
            records.stores,
            records.modifies
        ),
        (37_297, 6584, 1512, 26)
    );
    assert_eq!((records.calls["brk"], records.failed_calls), (5, 1));
}

#[test]
fn true_maps_its_library_as_the_loader_does() {
    let (trace, summary) = trace(&program("true"));
    assert_eq!((summary.records.accesses(), summary.pages), (167_244, 139));
    assert_eq!(
        about(&trace, "libc.so.6"),
        [
            "file libc.so.6 1974096 warm",
            "mmap 1 0x4847000 1974096 r private libc.so.6",
            "mmap 1 0x486d000 1368K rx private libc.so.6+0x26000",
            "mmap 1 0x49c3000 332K r private libc.so.6+0x17c000",
            "mmap 1 0x4a16000 24K rw private libc.so.6+0x1cf000",
        ]
    );
}

#[test]
fn without_headers_the_demo_has_regions_guessed() {
    let (_, summary) = trace(&Request {
        segments: None,
        ..demo()
    });
    let regions: Vec<_> = summary
        .regions
        .iter()
        .map(|region| format!("{} {} {}", region.start, region.len, region.prot))
        .collect();
    assert_eq!(
        regions,
        [
            "0x400000 4096 r",
            "0x401000 495616 rx",
            "0x47a000 114688 r",
            "0x4a2000 53248 rw",
            "0x1fff000000 4096 rw",
        ]
    );
}

#[test]
fn every_access_of_true_is_an_event() {
    let all = Request {
        compaction: Compaction::None,
        ..program("true")
    };
    let (trace, summary) = trace(&all);
    assert_eq!(summary.accesses_dropped, 0);
    let accesses = trace
        .lines()
        .filter(|line| ["exec", "read", "write"].contains(&line.split(' ').next().unwrap()));
    assert_eq!(
        accesses.count() as u64,
        summary.records.accesses() + CROSSING_FETCHES
    );
}

/// `I` records of true.log that end in the next page.
const CROSSING_FETCHES: u64 = 133;

#[test]
fn a_cut_of_ls_shows_all_of_its_run() {
    let (trace, summary) = trace(&Request {
        cut: Cut::Spread(5000),
        ..program("ls")
    });
    let accesses = trace
        .lines()
        .filter(|line| touch(line).is_some() && !line.starts_with("copy"));
    let kept = accesses.count();
    assert!((4900..=5100).contains(&kept), "{kept}");
    assert_eq!(
        about(&trace, "mmap 1 0x4").len() as u64,
        summary.records.calls["mmap"] + 4
    );
    assert_eq!(trace.lines().last(), Some("exit 1"));
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "4.8 million lines take 15 s without optimisation"
)]
fn sort_is_imported_whole() {
    let (_, summary) = trace(&program("sort"));
    assert_eq!(
        (summary.records.accesses(), summary.pages),
        (4_830_049, 267)
    );
    nothing_is_wild(&program("sort"));
}

#[test]
fn what_is_written_can_be_read() {
    let (trace, summary) = trace(&program("ls"));
    let mut events = Parser::new(trace.as_bytes()).unwrap();
    assert_eq!(events.config().fault_around, 16);
    let read = events.by_ref().map(Result::unwrap).count();
    assert_eq!(read as u64, summary.events);
}
