//! What an import found: for the command to print.

use std::collections::BTreeMap;

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
