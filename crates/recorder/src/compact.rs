//! Leaving out accesses that can show nothing new.

use std::io;

use vmsim::addr::{Pid, VirtAddr};
use vmsim::event::{Event, Op};

use crate::ranges::pages;
use crate::stage::{Stage, is_access};

/// Which accesses of a log become events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compaction {
    /// All of them.
    #[default]
    None,
    /// Those of a kind and page that are not among the last [`RECENT_MAX`]
    /// since the last system call. None of the others faults on a machine with
    /// memory to spare.
    PerPage,
}

/// Kinds and pages that are remembered: about as many as a program uses by turns.
pub const RECENT_MAX: usize = 16;

/// Passes on what the compaction leaves.
pub(crate) struct Compact<S> {
    mode: Compaction,
    recent: Recent,
    pub next: S,
    /// Accesses passed on.
    pub kept: u64,
    /// Accesses left out.
    pub dropped: u64,
}

impl<S> Compact<S> {
    pub fn new(mode: Compaction, next: S) -> Self {
        Self {
            mode,
            recent: Recent::default(),
            next,
            kept: 0,
            dropped: 0,
        }
    }

    fn leaves_out(&mut self, op: &Op) -> bool {
        let Some((who, addr, size)) = access(op) else {
            self.recent = Recent::default();
            return false;
        };
        self.mode == Compaction::PerPage && self.recent.covers(who, addr, size)
    }
}

impl<S: Stage> Stage for Compact<S> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        if self.leaves_out(&event.op) {
            self.dropped += 1;
            return Ok(());
        }
        self.kept += u64::from(is_access(&event.op));
        self.next.event(event)
    }

    fn comment(&mut self, text: &str) -> io::Result<()> {
        self.next.comment(text)
    }

    fn heap(&mut self, start: VirtAddr) {
        self.next.heap(start);
    }

    fn is_full(&self) -> bool {
        self.next.is_full()
    }
}

/// What an access does with a page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Read,
    Write,
    Exec,
}

fn access(op: &Op) -> Option<((Pid, Kind), VirtAddr, u16)> {
    match *op {
        Op::Read { pid, addr, size } => Some(((pid, Kind::Read), addr, size)),
        Op::Write {
            pid, addr, size, ..
        } => Some(((pid, Kind::Write), addr, size)),
        Op::Exec { pid, addr } => Some(((pid, Kind::Exec), addr, 1)),
        _ => None,
    }
}

/// The last kinds and pages, and whose, the oldest overwritten first.
#[derive(Default)]
pub(crate) struct Recent {
    last: [Option<(Pid, Kind, u64)>; RECENT_MAX],
    oldest: usize,
}

impl Recent {
    /// Whether all pages of an access are remembered for its kind; from now on
    /// they are.
    pub fn covers(&mut self, (pid, kind): (Pid, Kind), addr: VirtAddr, size: u16) -> bool {
        let mut all = true;
        for page in pages(addr, size.into()) {
            all &= self.covers_page((pid, kind, page));
        }
        all
    }

    fn covers_page(&mut self, key: (Pid, Kind, u64)) -> bool {
        let known = self.last.contains(&Some(key));
        if !known {
            self.last[self.oldest] = Some(key);
            self.oldest = (self.oldest + 1) % RECENT_MAX;
        }
        known
    }
}
