//! What the oracle must know of the computer that it runs on, and do to it.

use std::fs;

/// What may happen to a program's pages though nobody in the trace asked for it:
/// counts of `/proc/vmstat`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evictions(Vec<(String, u64)>);

/// Reclaim, dropped caches, and moved frames. What a trace pages out itself by
/// `madvise` is counted by none of them.
const COUNTED: [&str; 4] = ["pgscan_", "pgsteal_", "drop_pagecache", "pgmigrate_success"];

impl Evictions {
    /// All of them since the system was started; none where `/proc/vmstat` cannot be
    /// read.
    pub fn so_far() -> Self {
        let vmstat = fs::read_to_string("/proc/vmstat").unwrap_or_default();
        Self::parse(&vmstat)
    }

    fn parse(vmstat: &str) -> Self {
        let counts = vmstat.lines().filter_map(|line| {
            let (name, count) = line.split_once(' ')?;
            let wanted = COUNTED.iter().any(|prefix| name.starts_with(prefix));
            wanted.then_some((name.to_owned(), count.trim().parse().ok()?))
        });
        Self(counts.collect())
    }
}

/// Keeps the calling thread, and what it starts, on one CPU: the `number`-th of
/// those that it may use, counted around. Returns whether that could be done.
pub fn pin(number: usize) -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
        let Ok(allowed) = sched_getaffinity(None) else {
            return false;
        };
        let mine = (0..CpuSet::MAX_CPU).filter(|&cpu| allowed.is_set(cpu));
        let Some(cpu) = mine.collect::<Vec<_>>().into_iter().cycle().nth(number) else {
            return false;
        };
        let mut one = CpuSet::new();
        one.set(cpu);
        sched_setaffinity(None, &one).is_ok()
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = number;
        false
    }
}

/// The swap devices that are switched on (`/proc/swaps`).
pub fn swap_devices() -> Vec<String> {
    let swaps = fs::read_to_string("/proc/swaps").unwrap_or_default();
    let names = swaps
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}

/// Whether a swap device is written late, so that pages linger in the swap cache: all
/// are but zram.
pub fn is_late(device: &str) -> bool {
    !device.starts_with("/dev/zram")
}

/// How many pages swap-in reads, as a power of two (`vm.page-cluster`).
pub fn page_cluster() -> Option<u32> {
    let text = fs::read_to_string("/proc/sys/vm/page-cluster").ok()?;
    text.trim().parse().ok()
}

/// Bytes of memory (`/proc/meminfo`).
pub fn memory() -> Option<u64> {
    let meminfo = fs::read_to_string("/proc/meminfo").ok()?;
    let total = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = total.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib << 10)
}

/// The lowest address that programs may map, if this computer says so.
pub fn mmap_min_addr() -> Option<u64> {
    let text = fs::read_to_string("/proc/sys/vm/mmap_min_addr").ok()?;
    text.trim().parse().ok()
}

/// Whether the CPU translates 57 bits of an address: then 2^47 to 2^56 is
/// canonical.
pub fn has_five_level_paging() -> bool {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let flags = cpuinfo.lines().find(|line| line.starts_with("flags"));
    flags.is_some_and(|flags| flags.split_whitespace().any(|flag| flag == "la57"))
}

/// The kernel's name and version, as `uname -sr` has it.
pub fn kernel() -> String {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease");
    match release {
        Ok(release) => format!("Linux {}", release.trim()),
        Err(_) => std::env::consts::OS.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Evictions;

    #[test]
    fn only_what_takes_pages_away_counts() {
        let before = Evictions::parse("pgfault 7\npgsteal_kswapd 0\ndrop_pagecache 1\n");
        let faults = Evictions::parse("pgfault 9\npgsteal_kswapd 0\ndrop_pagecache 1\n");
        let dropped = Evictions::parse("pgfault 9\npgsteal_kswapd 0\ndrop_pagecache 2\n");
        assert_eq!(before, faults);
        assert_ne!(before, dropped);
    }
}
