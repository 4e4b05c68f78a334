//! Fault-around, as a trace wants it (rule R8).

use std::ops::Range;

use vmsim::addr::{PAGE_SIZE, TASK_SIZE, VirtAddr, Vpn};

use crate::error::Error;
use crate::native::call::advise;
use crate::native::tracee::Tracee;

/// How many pages a read fault maps.
#[derive(Clone, Debug)]
pub(crate) enum Window {
    /// As many as the kernel likes.
    Linux,
    /// The page alone: for the time of an access each page of these, which show
    /// files or shared memory, gets a VMA of its own, because a VMA's ends are the
    /// window's.
    OnePage(Vec<Range<Vpn>>),
}

/// Pages that are VMAs of their own for a while.
#[must_use = "the pages stay apart until they are joined"]
pub(crate) struct Apart(Vec<Vpn>);

impl Window {
    /// The window that a trace asks for by `fault-around=`.
    pub(crate) fn new(fault_around: u16) -> Self {
        match fault_around {
            1 => Window::OnePage(Vec::new()),
            _ => Window::Linux,
        }
    }

    /// Notes that pages show a file or shared memory.
    pub(crate) fn note(&mut self, addr: VirtAddr, len: u64) {
        self.forget(addr, len);
        if let Window::OnePage(known) = self {
            known.push(pages_of(addr, len));
        }
    }

    /// Forgets pages that show neither any more.
    pub(crate) fn forget(&mut self, addr: VirtAddr, len: u64) {
        let gone = pages_of(addr, len);
        if let Window::OnePage(known) = self {
            let rest = |pages: &Range<Vpn>| {
                let below = pages.start..pages.end.min(gone.start);
                let above = pages.start.max(gone.end)..pages.end;
                [below, above].into_iter().filter(|rest| !rest.is_empty())
            };
            *known = known.iter().flat_map(rest).collect();
        }
    }

    /// Sets the pages of a range apart.
    pub(crate) fn narrow(
        &self,
        tracee: &mut Tracee,
        addr: VirtAddr,
        len: u64,
    ) -> Result<Apart, Error> {
        let pages: Vec<Vpn> = match self {
            Window::Linux => Vec::new(),
            Window::OnePage(known) => {
                let asked = pages_of(addr, len);
                let both = known
                    .iter()
                    .map(|known| known.start.max(asked.start).0..known.end.min(asked.end).0);
                both.flatten().map(Vpn).collect()
            }
        };
        for &page in &pages {
            advise(page.start(), PAGE_SIZE, marks(page).0).make(tracee)?;
        }
        Ok(Apart(pages))
    }
}

impl Apart {
    /// Lets the pages' VMAs merge again.
    pub(crate) fn join(self, tracee: &mut Tracee) -> Result<(), Error> {
        for page in self.0 {
            advise(page.start(), PAGE_SIZE, marks(page).1).make(tracee)?;
        }
        Ok(())
    }
}

/// Two flags by which neighbouring pages differ, so that their VMAs do not merge.
/// They mean nothing while no process forks or dumps core. And how to take them
/// away.
fn marks(page: Vpn) -> (i32, i32) {
    match page.0 % 2 {
        0 => (libc::MADV_DONTDUMP, libc::MADV_DODUMP),
        _ => (libc::MADV_DONTFORK, libc::MADV_DOFORK),
    }
}

fn pages_of(addr: VirtAddr, len: u64) -> Range<Vpn> {
    let end = addr.0.saturating_add(len.max(1)).div_ceil(PAGE_SIZE);
    let end = Vpn(end.min(TASK_SIZE / PAGE_SIZE));
    addr.page().min(end)..end
}
