//! What things cost: the counters that tell an eager kernel from a lazy one.

use std::fmt;
use std::ops::Sub;

/// Counts of costly actions since the machine started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Frames filled with zeroes.
    pub zeroed: u64,
    /// Pages copied from frame to frame.
    pub copied: u64,
    /// Pages read from files and from swap.
    pub disk_reads: u64,
    /// Pages written to files and to swap.
    pub disk_writes: u64,
    /// Pages flushed from the TLB of the CPU that did it.
    pub local_flushes: u64,
    /// CPUs interrupted to flush a page from their TLB.
    pub remote_flushes: u64,
    /// CPUs that were flushed although the old entry and the new one differ in nothing
    /// that they must be told of: Linux's mprotect would have left them alone
    /// (`pte_needs_flush` in arch/x86/include/asm/tlbflush.h).
    pub needless_flushes: u64,
    /// Frames taken for page tables.
    pub table_pages: u64,
}

impl Sub for Cost {
    type Output = Cost;

    fn sub(self, earlier: Cost) -> Cost {
        Cost {
            zeroed: self.zeroed - earlier.zeroed,
            copied: self.copied - earlier.copied,
            disk_reads: self.disk_reads - earlier.disk_reads,
            disk_writes: self.disk_writes - earlier.disk_writes,
            local_flushes: self.local_flushes - earlier.local_flushes,
            remote_flushes: self.remote_flushes - earlier.remote_flushes,
            needless_flushes: self.needless_flushes - earlier.needless_flushes,
            table_pages: self.table_pages - earlier.table_pages,
        }
    }
}

impl Cost {
    /// The counters with their names in the log.
    pub fn named(&self) -> [(&'static str, u64); 8] {
        [
            ("zeroed", self.zeroed),
            ("copied", self.copied),
            ("disk-reads", self.disk_reads),
            ("disk-writes", self.disk_writes),
            ("local-flushes", self.local_flushes),
            ("remote-flushes", self.remote_flushes),
            ("needless-flushes", self.needless_flushes),
            ("table-pages", self.table_pages),
        ]
    }
}

impl fmt::Display for Cost {
    /// `zeroed=1 copied=2`, without those that are zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (name, count) in self.named().into_iter().filter(|(_, count)| *count > 0) {
            write!(f, "{separator}{name}={count}")?;
            separator = " ";
        }
        Ok(())
    }
}
