//! All pages of all processes, on both sides.
//!
//! An access shows one page. What the kernel knows of the others shows itself later or
//! never; the page tables show it at once.

use std::fmt;

use oracle::NativeMachine;
use oracle::outcome::PageKind;
use vmsim::addr::{Pid, Vpn};
use vmsim::machine::Machine;
use vmsim::mm::{Entry, Mm};

/// Pages of a VMA that are looked at: 16 MiB.
const PAGES_MAX: u64 = 4096;

/// A page that the two page tables do not agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageDifference {
    /// Whose.
    pub pid: Pid,
    /// Which.
    pub vpn: Vpn,
    /// What the simulator has there.
    pub kit: PageKind,
    /// What the kernel has there.
    pub linux: PageKind,
}

/// The first page that the page tables do not agree on; none if they agree, or cannot
/// be seen.
pub fn first_difference(kit: &Machine, linux: &NativeMachine) -> Option<PageDifference> {
    let pids = kit.processes().map(|(pid, _)| pid);
    pids.filter_map(|pid| in_process(pid, &kit.mm(pid)?, linux))
        .next()
}

fn in_process(pid: Pid, mm: &Mm<'_>, linux: &NativeMachine) -> Option<PageDifference> {
    mm.vmas().iter().find_map(|vma| {
        let end = vma.end.0.min(vma.start.0 + PAGES_MAX);
        let seen = linux.pages(pid, vma.start, Vpn(end))?;
        (vma.start.0..end).zip(seen).find_map(|(vpn, seen)| {
            let (kit, linux) = (kind(mm.entry(Vpn(vpn))), seen.kind);
            (kit != linux).then_some(PageDifference {
                pid,
                vpn: Vpn(vpn),
                kit,
                linux,
            })
        })
    })
}

/// What pagemap would say of an entry.
pub(crate) fn kind(entry: Entry) -> PageKind {
    match entry {
        Entry::None => PageKind::None,
        Entry::Zero | Entry::Anon { .. } => PageKind::Anon,
        Entry::Object { .. } => PageKind::Object,
        Entry::Swapped(_) => PageKind::Swapped,
    }
}

impl fmt::Display for PageDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (pid, addr) = (self.pid, self.vpn.start());
        let (kit, linux) = (self.kit, self.linux);
        write!(
            f,
            "page {addr} of process {pid}: the kit has {kit}, Linux {linux}"
        )
    }
}
