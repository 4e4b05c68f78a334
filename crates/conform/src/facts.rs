//! What this computer can tell: found out by running small traces whose outcome is
//! known.

use std::path::{Path, PathBuf};

use oracle::NativeMachine;
use oracle::error::Error;
use oracle::host;
use oracle::outcome::{End, Outcome};
use oracle::plan::{PageOut, Plan};
use vmsim::addr::VirtAddr;
use vmsim::vma::MMAP_MIN_ADDR;
use vmtrace::text::parser::Parser;

use crate::case::Need;

/// What this computer can tell, and where it can be asked.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Name and version of the kernel.
    pub kernel: String,
    /// Where the files of traces are put.
    pub folder: PathBuf,
    /// Whether a page can be paged out, and comes back.
    pub swap: Swap,
    /// The swap devices that were switched on as this was found out.
    pub swap_devices: Vec<String>,
    /// Whether files can be evicted, are read page by page, and their first write
    /// is noticed.
    pub files: bool,
    /// Whether the heap starts where a trace wants it.
    pub heap: bool,
    /// Whether fault-around maps 16 pages.
    pub fault_around: bool,
    /// Whether a mapping that may only be executed can be read (not on CPUs with
    /// protection keys).
    pub exec_only_readable: bool,
    /// Whether the addresses from 2^47 on are not canonical.
    pub four_level_paging: bool,
    /// The lowest address that programs may map (`vm.mmap_min_addr`).
    pub lowest_address: VirtAddr,
    /// What can be seen of page tables.
    pub pages: Pages,
}

/// What a swap device does with a page that is paged out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Swap {
    /// The next access is a major fault, for each page by itself.
    Exact,
    /// So it is, for private memory that can be read, if the page is paged out twice.
    Twice,
    /// The page lingers in the swap cache, or its neighbours come along.
    Cached,
    /// There is none.
    None,
}

/// What can be seen of page tables (`/proc/PID/pagemap`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// Which frame: whether a page was copied.
    Frames,
    /// What kind of page.
    Kinds,
    /// Nothing.
    Hidden,
}

/// Something that this computer cannot tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// What is left out for it.
    pub skipped: &'static str,
    /// Why, and what helps.
    pub why: String,
}

impl Swap {
    /// Whether swap cases can be compared.
    pub fn is_exact(&self) -> bool {
        *self == Swap::Exact
    }

    /// How the oracle has to page out.
    pub fn page_out(&self) -> PageOut {
        match self {
            Swap::Twice => PageOut::Twice,
            Swap::Exact | Swap::Cached | Swap::None => PageOut::Once,
        }
    }
}

impl Facts {
    /// Finds out, with files in `folder`.
    ///
    /// # Errors
    ///
    /// If this computer cannot run traces at all, or its counters are not exact.
    pub fn probe(folder: &Path) -> Result<Self, Error> {
        let probe = |trace| run(trace, folder);
        let pages = exact_counters(&probe(COUNTERS)?)?;
        let swap_devices = host::swap_devices();
        Ok(Self {
            kernel: host::kernel(),
            folder: folder.to_owned(),
            swap: swap(&swap_devices, folder)?,
            swap_devices,
            files: probe(FILES).is_ok_and(|seen| counts(&seen) == FILES_EXPECTED),
            heap: probe("brk 1 0x4001000").is_ok(),
            fault_around: probe(WINDOW).is_ok_and(|seen| counts(&seen) == WINDOW_EXPECTED),
            exec_only_readable: is_done(&probe(EXEC_ONLY)?),
            lowest_address: VirtAddr(host::mmap_min_addr().unwrap_or(MMAP_MIN_ADDR.0)),
            four_level_paging: !host::has_five_level_paging(),
            pages,
        })
    }

    /// What this computer cannot tell.
    pub fn lacks(&self) -> Vec<Lack> {
        let folder = self.folder.display();
        let makes_one = "as root, `--with-swap` makes one for the run";
        [
            (
                self.swap != Swap::None,
                Need::Swap.cases(),
                format!("no page goes to swap: there is no swap device; {makes_one}"),
            ),
            (
                self.swap != Swap::Cached,
                Need::Swap.cases(),
                format!(
                    "pages linger in the swap cache, or bring their neighbours along; {makes_one} \
                     that does not"
                ),
            ),
            (
                self.swap != Swap::Twice,
                Need::Zram.cases(),
                format!("the swap device is written late; {makes_one} of zram"),
            ),
            (
                self.files,
                Need::Files.cases(),
                format!(
                    "files in {folder} are not read page by page, or never leave memory; \
                     `--dir` names a folder on a disk"
                ),
            ),
            (
                self.heap,
                Need::Heap.cases(),
                "the kernel randomises where the heap starts, and personality(2) is refused"
                    .to_owned(),
            ),
            (
                self.fault_around,
                "fault-around",
                "the window is not 16 pages; traces run with fault-around=1".to_owned(),
            ),
            (
                self.exec_only_readable,
                "reads of execute-only pages",
                "the CPU has protection keys, which forbid them".to_owned(),
            ),
            (
                self.four_level_paging,
                "addresses from 2^47 to 2^56",
                "the CPU has five levels of page tables".to_owned(),
            ),
            (
                self.lowest_address == MMAP_MIN_ADDR,
                "addresses below 64 KiB",
                format!(
                    "this kernel's vm.mmap_min_addr is {}",
                    self.lowest_address.0
                ),
            ),
            (
                self.pages != Pages::Hidden,
                "page states",
                "/proc/PID/pagemap cannot be read".to_owned(),
            ),
            (
                self.pages == Pages::Frames,
                "copy or reuse",
                "only root may see frame numbers".to_owned(),
            ),
        ]
        .into_iter()
        .filter(|(has, ..)| !has)
        .map(|(_, skipped, why)| Lack { skipped, why })
        .collect()
    }
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

fn swap(devices: &[String], folder: &Path) -> Result<Swap, Error> {
    let late = devices.iter().any(|device| host::is_late(device));
    let (page_out, exact) = match late {
        true => (PageOut::Twice, Swap::Twice),
        false => (PageOut::Once, Swap::Exact),
    };
    Ok(match counts(&run_with(SWAP, folder, page_out)?)[4..] {
        [(0, 1), (0, 1)] => exact,
        [(0, 0), (0, 0)] => Swap::None,
        _ => Swap::Cached,
    })
}

fn is_done(seen: &[Outcome]) -> bool {
    seen.last().is_some_and(|last| last.end == End::Done)
}
