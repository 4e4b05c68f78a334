//! What `/proc` says of a process: its counters and its pages.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use nix::unistd::Pid;
use vmsim::addr::Vpn;

use crate::error::Error;
use crate::outcome::{Counters, NativePage};

/// The counters of a process: `/proc/PID/stat`, held open.
pub(crate) struct Stat(File);

impl Stat {
    pub(crate) fn open(pid: Pid) -> Result<Self, Error> {
        open(pid, "stat").map(Self)
    }

    /// Minor and major faults so far: fields 10 and 12 (proc_pid_stat(5)).
    pub(crate) fn counters(&self) -> Result<Counters, Error> {
        let mut buffer = [0; 1024];
        let len = self.0.read_at(&mut buffer, 0).map_err(stat_failed)?;
        parse(&buffer[..len])
            .ok_or_else(|| Error::Unexpected("/proc/PID/stat has no counters".into()))
    }
}

/// The name of the program is in parentheses and may hold some itself, so the
/// fields are counted from the last one on.
fn parse(stat: &[u8]) -> Option<Counters> {
    let name_end = stat.iter().rposition(|&byte| byte == b')')?;
    let mut fields = stat[name_end + 1..]
        .split(|&byte| byte == b' ')
        .filter(|field| !field.is_empty());
    let mut number = |skip| std::str::from_utf8(fields.nth(skip)?).ok()?.parse().ok();
    // The first field behind the name is the third: state, ppid, pgrp, session,
    // tty_nr, tpgid, flags, minflt, cminflt, majflt.
    let minor = number(7)?;
    let major = number(1)?;
    Some(Counters { minor, major })
}

/// The pages of a process: `/proc/PID/pagemap`, held open.
pub(crate) struct Pagemap(File);

impl Pagemap {
    pub(crate) fn open(pid: Pid) -> Result<Self, Error> {
        open(pid, "pagemap").map(Self)
    }

    /// What the page table has for a page; none for what is no page of a program.
    pub(crate) fn page(&self, vpn: Vpn) -> Option<NativePage> {
        let mut entry = [0; 8];
        let read = self.0.read_at(&mut entry, vpn.0 * 8);
        (read.ok()? == 8).then(|| NativePage::of_entry(u64::from_le_bytes(entry)))
    }

    /// What the page table has for the pages from one up to another.
    pub(crate) fn pages(&self, start: Vpn, end: Vpn) -> Option<Vec<NativePage>> {
        let mut bytes = vec![0; 8 * (end.0 - start.0) as usize];
        self.0.read_exact_at(&mut bytes, start.0 * 8).ok()?;
        let (entries, _) = bytes.as_chunks::<8>();
        let page = |&entry| NativePage::of_entry(u64::from_le_bytes(entry));
        Some(entries.iter().map(page).collect())
    }
}

fn open(pid: Pid, name: &str) -> Result<File, Error> {
    let path = format!("/proc/{pid}/{name}");
    File::open(Path::new(&path)).map_err(|error| Error::io(format!("open {path}"), error))
}

fn stat_failed(error: std::io::Error) -> Error {
    Error::io("read /proc/PID/stat".into(), error)
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::outcome::Counters;

    #[test]
    fn a_name_with_parentheses_and_blanks_is_skipped() {
        let stat = b"17 (a) b (c) S 1 17 17 0 -1 4194560 42 5 7 9 0 0";
        let found = parse(stat).map(|Counters { minor, major }| (minor, major));
        assert_eq!(found, Some((42, 7)));
    }
}
