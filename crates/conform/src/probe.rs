//! Finding out what this computer can tell: small traces whose outcome is known.

use std::path::Path;
use std::thread;

use oracle::NativeMachine;
use oracle::error::Error;
use oracle::host;
use oracle::outcome::{End, Outcome};
use oracle::plan::{PageOut, Plan};
use vmsim::addr::VirtAddr;
use vmsim::vma::MMAP_MIN_ADDR;
use vmtrace::text::parser::Parser;

use crate::facts::{Facts, Pages};
use comparable::computer::{Computer, Swap};

/// Finds out what this computer can tell, with files in `folder`.
///
/// # Errors
///
/// If this computer cannot run traces at all, or its counters are not exact.
///
/// # Panics
///
/// Never: the thread that asks does not.
pub fn probe(folder: &Path) -> Result<Facts, Error> {
    // On a thread of its own, which stays on one CPU, like those that compare.
    thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let _pinned = host::pin(0);
            find_out(folder)
        });
        asking.join().expect("probing does not panic")
    })
}

fn find_out(folder: &Path) -> Result<Facts, Error> {
    let probe = |trace| run(trace, folder);
    let pages = exact_counters(&probe(COUNTERS)?)?;
    let (swap_devices, swap) = steady_swap(folder)?;
    Ok(Facts {
        kernel: host::kernel(),
        folder: folder.to_owned(),
        swap_devices,
        files: probe(FILES).is_ok_and(|seen| counts(&seen) == FILES_EXPECTED),
        heap: probe("brk 1 0x4001000").is_ok(),
        pages,
        computer: Computer {
            swap,
            fault_around: probe(WINDOW).is_ok_and(|seen| counts(&seen) == WINDOW_EXPECTED),
            exec_only_readable: is_done(&probe(EXEC_ONLY)?),
            four_level_paging: !host::has_five_level_paging(),
            lowest_address: VirtAddr(host::mmap_min_addr().unwrap_or(MMAP_MIN_ADDR.0)),
            memory: host::memory().unwrap_or(u64::MAX),
        },
    })
}

/// 8 first writes, 8 more, and a read and a write of another page.
const COUNTERS: &str = "\
mmap 1 0x100000000 64K rw private anon
write 1 0x100000000
write 1 0x100001000
write 1 0x100002000
write 1 0x100003000
write 1 0x100000000
write 1 0x100001000
write 1 0x100002000
write 1 0x100003000
read  1 0x100008000
write 1 0x100008000
";

/// Minor faults of [`COUNTERS`], event by event.
const COUNTERS_EXPECTED: [(u64, u64); 11] = [
    (0, 0),
    (1, 0),
    (1, 0),
    (1, 0),
    (1, 0),
    (0, 0),
    (0, 0),
    (0, 0),
    (0, 0),
    (1, 0),
    (1, 0),
];

/// Two pages go out and come back.
const SWAP: &str = "\
mmap 1 0x100000000 8K rw private anon
write 1 0x100000000
write 1 0x100001000
madvise 1 0x100000000 8K pageout
read 1 0x100000000
read 1 0x100001000
";

/// Cold pages are read one by one; a clean page that is shared notices its first
/// write; an evicted page is cold again.
const FILES: &str = "\
machine fault-around=16
file f 16K cold
mmap 1 0x100000000 16K rw shared f
read 1 0x100000000
read 1 0x100001000
write 1 0x100000000
munmap 1 0x100000000 16K
drop f
mmap 1 0x100000000 16K rw shared f
read 1 0x100001000
";

const FILES_EXPECTED: [(u64, u64); 9] = [
    (0, 0),
    (0, 0),
    (0, 1),
    (0, 1),
    (1, 0),
    (0, 0),
    (0, 0),
    (0, 0),
    (0, 1),
];

/// A fault in the second of four windows of 16 pages.
const WINDOW: &str = "\
machine fault-around=16
file f 256K warm
mmap 1 0x100000000 256K r private f
read 1 0x100014000
read 1 0x100010000
read 1 0x10001f000
read 1 0x10000f000
read 1 0x100020000
";

const WINDOW_EXPECTED: [(u64, u64); 7] = [(0, 0), (0, 0), (1, 0), (0, 0), (0, 0), (1, 0), (1, 0)];

const EXEC_ONLY: &str = "\
sigaction 1 segv handler
mmap 1 0x100000000 4K x private anon
read 1 0x100000000
";

fn run(trace: &str, folder: &Path) -> Result<Vec<Outcome>, Error> {
    run_with(trace, folder, PageOut::Once)
}

fn run_with(trace: &str, folder: &Path, page_out: PageOut) -> Result<Vec<Outcome>, Error> {
    let parser = Parser::new(trace.as_bytes()).expect("probes are traces");
    let config = *parser.config();
    let lines: Vec<_> = parser
        .map(|line| line.expect("probes are traces"))
        .collect();
    let plan = Plan {
        page_out,
        ..Plan::of(&config, lines.iter().map(|line| &line.event))
    };
    let mut machine = NativeMachine::new(&plan, folder)?;
    lines.iter().map(|line| machine.step(&line.event)).collect()
}

fn counts(seen: &[Outcome]) -> Vec<(u64, u64)> {
    let pair = |outcome: &Outcome| (outcome.faults.minor, outcome.faults.major);
    seen.iter().map(pair).collect()
}

fn exact_counters(seen: &[Outcome]) -> Result<Pages, Error> {
    if counts(seen) != COUNTERS_EXPECTED {
        return Err(Error::Lacking(
            "the fault counters of this kernel are not exact (a container that emulates \
             Linux, or huge pages that cannot be switched off)"
                .to_owned(),
        ));
    }
    Ok(match seen[1].after {
        None => Pages::Hidden,
        Some(page) if page.pfn.is_none() => Pages::Kinds,
        Some(_) => Pages::Frames,
    })
}

/// The swap devices and what they do, found out while nobody switched one on or off.
fn steady_swap(folder: &Path) -> Result<(Vec<String>, Swap), Error> {
    /// A run of the probe takes a millisecond.
    const TRIES_MAX: usize = 100;
    for _ in 0..TRIES_MAX {
        let devices = host::swap_devices();
        let swap = swap(&devices, folder)?;
        if host::swap_devices() == devices {
            return Ok((devices, swap));
        }
    }
    Err(Error::Lacking(
        "swap devices are switched on and off all the time".to_owned(),
    ))
}

fn swap(devices: &[String], folder: &Path) -> Result<Swap, Error> {
    // Swap-in through the swap cache reads as many pages as this says.
    let read_ahead = !devices.is_empty() && host::page_cluster() != Some(0);
    let late = devices.iter().any(|device| host::is_late(device));
    let (page_out, exact) = match late {
        true => (PageOut::Twice, Swap::Twice),
        false => (PageOut::Once, Swap::Exact),
    };
    Ok(match counts(&run_with(SWAP, folder, page_out)?)[4..] {
        [(0, 1), (0, 1)] if read_ahead => Swap::Cached,
        [(0, 1), (0, 1)] => exact,
        [(0, 0), (0, 0)] => Swap::None,
        _ => Swap::Cached,
    })
}

fn is_done(seen: &[Outcome]) -> bool {
    seen.last().is_some_and(|last| last.end == End::Done)
}
