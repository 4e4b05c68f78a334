//! What an event led to on the real kernel.

use std::fmt;

use vmsim::fault::{Signal, SignalCode};

/// What one event led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Faults that the kernel charged to the process for it.
    pub faults: Counters,
    /// How it ended.
    pub end: End,
    /// What a read found: the first eight bytes, little-endian.
    pub value: Option<u64>,
    /// The page of an access before it, where that can be seen.
    pub before: Option<NativePage>,
    /// The page of an access afterwards.
    pub after: Option<NativePage>,
}

/// Faults of a process, as the kernel counts them (`mm_account_fault` in Linux
/// mm/memory.c): repaired faults only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Without I/O (`min_flt`).
    pub minor: u64,
    /// With I/O (`maj_flt`).
    pub major: u64,
}

impl std::ops::Sub for Counters {
    type Output = Counters;

    fn sub(self, before: Counters) -> Counters {
        Counters {
            minor: self.minor - before.minor,
            major: self.major - before.major,
        }
    }
}

/// How an event ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// As it was meant to.
    Done,
    /// With a signal; the process has a handler for it, or is dead.
    Signalled(Signal),
    /// With an error of the system call, by its name (errno(3)).
    Failed(String),
}

/// What `/proc/PID/pagemap` says of a page (Documentation/admin-guide/mm/pagemap.rst).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NativePage {
    /// What kind of page it is.
    pub kind: PageKind,
    /// The frame, if the reader may know it (`CAP_SYS_ADMIN`).
    pub pfn: Option<u64>,
}

/// What the page table has for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// Nothing.
    None,
    /// A slot of the swap device.
    Swapped,
    /// A frame of private memory, or the zero page.
    Anon,
    /// A frame of a file or of shared memory.
    Object,
}

/// So many faults of one kind are told one by one, as two pages or three may take them.
const FEW: u64 = 4;

/// In the words of the measured traces: `none`, `minor`, `major`, `maperr`, `accerr`,
/// `kernel`, `bus`, the name of an error; several joined by `+`; more
/// than four of a kind as `minor x8`.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults = [("minor", self.faults.minor), ("major", self.faults.major)];
        let faults = faults.into_iter().flat_map(|(word, count)| match count {
            0..=FEW => vec![word.to_owned(); count as usize],
            many => vec![format!("{word} x{many}")],
        });
        let end = match &self.end {
            End::Done => None,
            End::Signalled(signal) => Some(match signal.code {
                SignalCode::Maperr => "maperr",
                SignalCode::Accerr => "accerr",
                SignalCode::Kernel => "kernel",
                SignalCode::Adrerr => "bus",
            }),
            End::Failed(errno) => Some(errno.as_str()),
        };
        let all: Vec<String> = faults.chain(end.map(str::to_owned)).collect();
        match all.is_empty() {
            true => f.write_str("none"),
            false => f.write_str(&all.join("+")),
        }
    }
}

impl fmt::Display for PageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PageKind::None => "nothing",
            PageKind::Swapped => "a swap slot",
            PageKind::Anon => "private memory",
            PageKind::Object => "a page of a file or of shared memory",
        })
    }
}

impl Outcome {
    /// Of an event that is nobody's, or that cannot fail.
    pub(crate) fn nothing() -> Self {
        Self {
            faults: Counters::default(),
            end: End::Done,
            value: None,
            before: None,
            after: None,
        }
    }

    /// Of an event that failed and did nothing.
    pub(crate) fn failed(errno: &str) -> Self {
        Self {
            end: End::Failed(errno.to_owned()),
            ..Self::nothing()
        }
    }
}

impl NativePage {
    const PRESENT: u64 = 1 << 63;
    const SWAPPED: u64 = 1 << 62;
    const OBJECT: u64 = 1 << 61;
    const PFN: u64 = (1 << 55) - 1;

    /// Reads an entry of `/proc/PID/pagemap`.
    pub fn of_entry(entry: u64) -> Self {
        let has = |bit| entry & bit != 0;
        let kind = match (has(Self::PRESENT), has(Self::SWAPPED), has(Self::OBJECT)) {
            (true, _, true) => PageKind::Object,
            (true, _, false) => PageKind::Anon,
            (false, true, _) => PageKind::Swapped,
            (false, false, _) => PageKind::None,
        };
        let pfn = entry & Self::PFN;
        let known = has(Self::PRESENT) && pfn != 0;
        Self {
            kind,
            pfn: known.then_some(pfn),
        }
    }
}
