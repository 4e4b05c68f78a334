//! A log made smaller while it is being written.
//!
//! Half a second of a program makes a gigabyte of log. The filter leaves out
//! what [`Compaction::PerPage`] would leave out of the events: an access to pages
//! that are among the last used in the same way, with no system call in between.
//! Only a system call takes a page or a right away (there is no reclaim on a
//! machine with memory to spare), so such an access cannot fault.

use std::io::{self, Write};

use memchr::memchr;
use vmsim::addr::Pid;

use crate::compact::{Compaction, Kind, Recent};
use crate::line::{Access, AccessKind, access};

/// Passes on the lines of one process's log that are worth reading.
pub struct Filter {
    mode: Compaction,
    recent: Recent,
    /// The beginning of a line whose end has not come yet.
    rest: Vec<u8>,
    /// Access records seen.
    pub accesses: u64,
    /// Whether the log, as it is so far, ends in an execve(2) that did not fail.
    pub ends_in_exec: bool,
}

impl Filter {
    /// A filter for a log that is about to begin.
    pub fn new(mode: Compaction) -> Self {
        Self {
            mode,
            recent: Recent::default(),
            rest: Vec::new(),
            accesses: 0,
            ends_in_exec: false,
        }
    }

    /// Takes the next bytes of the log, which may end anywhere.
    pub fn take(&mut self, mut bytes: &[u8], out: &mut impl Write) -> io::Result<()> {
        while let Some(end) = memchr(b'\n', bytes) {
            let (line, rest) = bytes.split_at(end + 1);
            if self.rest.is_empty() {
                self.line(line, out)?;
            } else {
                self.rest.extend_from_slice(line);
                let line = std::mem::take(&mut self.rest);
                self.line(&line, out)?;
            }
            bytes = rest;
        }
        self.rest.extend_from_slice(bytes);
        Ok(())
    }

    /// Passes on what a log without a last line's end ends with.
    pub fn finish(&mut self, out: &mut impl Write) -> io::Result<()> {
        let line = std::mem::take(&mut self.rest);
        self.line(&line, out)
    }

    /// A line with its end, if it has one.
    fn line(&mut self, line: &[u8], out: &mut impl Write) -> io::Result<()> {
        match access(line.trim_ascii_end()) {
            Some(access) => {
                self.accesses += 1;
                self.ends_in_exec = false;
                if self.mode == Compaction::PerPage && self.is_known(access) {
                    return Ok(());
                }
            }
            None if is_about_a_call(line) => {
                self.recent = Recent::default();
                self.ends_in_exec = is_exec(line);
            }
            None => {}
        }
        out.write_all(line)
    }

    fn is_known(&mut self, Access { kind, addr, size }: Access) -> bool {
        let kind = match kind {
            AccessKind::Fetch => Kind::Exec,
            AccessKind::Load => Kind::Read,
            AccessKind::Store | AccessKind::Modify => Kind::Write,
        };
        // A log is of one process, whatever its number.
        self.recent.covers((Pid(1), kind), addr, size)
    }
}

/// Whether a system call begins or ends here.
fn is_about_a_call(line: &[u8]) -> bool {
    line.starts_with(b"SYSCALL[") || line.starts_with(b" --> ")
}

fn is_exec(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line);
    line.contains(" sys_execve") && !line.contains("Failure")
}
