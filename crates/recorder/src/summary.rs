//! What an import found: for the command to print.

use std::collections::BTreeMap;
use std::fmt;

use vmsim::addr::VirtAddr;
use vmsim::prot::Prot;

use crate::line::AccessKind;

/// What stood in the logs and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// What stood in the logs.
    pub records: Records,
    /// Processes with a log.
    pub processes: u32,
    /// Files: those that the programs mapped, in order of their first mapping,
    /// then those behind the regions.
    pub files: Vec<MappedFile>,
    /// What was mapped before the program began.
    pub regions: Vec<Region>,
    /// Pages touched, each counted once for each process that touched it.
    pub pages: usize,
    /// Accesses left out by compaction or by a cut.
    pub accesses_dropped: u64,
    /// Events handed to the sink, `file` events included.
    pub events: u64,
}

/// Lines of the logs, by what they say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// `I` records.
    pub fetches: u64,
    /// `L` records.
    pub loads: u64,
    /// `S` records.
    pub stores: u64,
    /// `M` records.
    pub modifies: u64,
    /// System calls that ended, by name.
    pub calls: BTreeMap<String, u64>,
    /// Those of them that succeeded and that the trace knows nothing of.
    pub ignored: BTreeMap<String, u64>,
    /// Those of them that failed, and so left no event.
    pub failed_calls: u64,
    /// Processes that were created but whose log was not given.
    pub children_without_log: u64,
    /// Logs whose last line was cut off and left out.
    pub cut_lines: u64,
}

impl Records {
    /// All access records.
    pub fn accesses(&self) -> u64 {
        self.fetches + self.loads + self.stores + self.modifies
    }

    pub(crate) fn count(&mut self, kind: AccessKind) {
        match kind {
            AccessKind::Fetch => self.fetches += 1,
            AccessKind::Load => self.loads += 1,
            AccessKind::Store => self.stores += 1,
            AccessKind::Modify => self.modifies += 1,
        }
    }

    pub(crate) fn ignore(&mut self, name: &str) {
        *self.ignored.entry(name.into()).or_default() += 1;
    }
}

/// A file as the trace declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedFile {
    /// Its name in the trace.
    pub name: Box<str>,
    /// Bytes up to the end of its furthest mapping.
    pub size: u64,
}

/// Memory that was mapped before the program began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// First address.
    pub start: VirtAddr,
    /// Bytes.
    pub len: u64,
    /// What the program may do with it.
    pub prot: Prot,
    /// What it shows.
    pub backing: Backing,
}

/// What a [`Region`] shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backing {
    /// A file of this name, from this offset, mapped privately.
    File {
        /// Its name in the trace.
        name: Box<str>,
        /// Where in the file the region begins, in bytes.
        offset: u64,
    },
    /// Zeroes.
    Anon,
    /// Zeroes, and growing downwards.
    Stack,
}

impl fmt::Display for Summary {
    /// Some lines for people, each of them whole.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Records {
            fetches,
            loads,
            stores,
            modifies,
            ..
        } = self.records;
        writeln!(
            f,
            "read: {} accesses ({fetches} fetches, {loads} loads, {stores} stores, \
             {modifies} modifies), {} system calls",
            self.records.accesses(),
            self.records.calls.values().sum::<u64>()
        )?;
        writeln!(
            f,
            "found: pages {}, processes {}, files {}, regions mapped before the program began {}",
            self.pages,
            self.processes,
            self.files.len(),
            self.regions.len()
        )?;
        self.records.losses(f)?;
        write!(
            f,
            "wrote: {} events, {} accesses left out",
            self.events, self.accesses_dropped
        )
    }
}

impl Records {
    /// What of the logs is not in the trace, if there is any of it.
    fn losses(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.ignored.is_empty() {
            let names: Vec<_> = self.ignored.keys().map(String::as_str).collect();
            writeln!(
                f,
                "without effect on memory, as far as known: {}",
                names.join(", ")
            )?;
        }
        for (count, what) in [
            (self.failed_calls, "calls that failed"),
            (
                self.children_without_log,
                "child processes without a log (`--child`)",
            ),
            (self.cut_lines, "lines cut off at the end of a log"),
        ] {
            if count > 0 {
                writeln!(f, "left out: {count} {what}")?;
            }
        }
        Ok(())
    }
}
