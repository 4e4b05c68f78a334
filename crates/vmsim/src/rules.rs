//! The rules of Linux that decide, by the numbers of `docs/linux-rules.md`.

use std::fmt;

use crate::event::Growth;
use crate::fault::{Access, FaultKind, PageFault, Signal, SignalCode};
use crate::mm::Mm;

/// A rule, R1 to R18.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule(u8);

const TITLES: [&str; 18] = [
    "which addresses are a program's own",
    "an access is tried again after each fault, page by page",
    "permission: the VMA first, then what the page table knows",
    "an anonymous page: zero page for a read, zeroed frame for a write",
    "a write to a private page: copied if others use it, else reused",
    "a page of a file: minor if cached, major if not",
    "a write to a shared mapping is noticed once",
    "fault-around maps cached neighbours of a page that is read",
    "behind the last page of a file there is nothing",
    "unmapping gives up pages and references",
    "advice: dontneed, pageout",
    "populating faults pages in ahead of time",
    "neighbouring areas merge",
    "mprotect gives a page back only what needs no notice",
    "fork copies entries of areas that were written, and nothing else",
    "stacks grow down, but not into the guard gap",
    "a swapped page: major for the first, minor for the next",
    "a bad address in a system call is an error, not a signal",
];

impl Rule {
    /// All of them, in order.
    pub fn all() -> impl Iterator<Item = Rule> {
        (1..).zip(TITLES).map(|(number, _)| Rule(number))
    }

    /// What the rule is about.
    pub fn title(self) -> &'static str {
        TITLES[usize::from(self.0) - 1]
    }

    /// The rule that decides a fault with this verdict.
    pub fn deciding(mm: &Mm<'_>, fault: &PageFault, verdict: Result<FaultKind, Signal>) -> Rule {
        match verdict {
            Ok(kind) => Rule::of_kind(mm, fault, kind),
            Err(signal) => Rule::of_signal(mm, signal),
        }
    }

    /// The rule that ends an access with this signal.
    pub fn of_signal(mm: &Mm<'_>, signal: Signal) -> Rule {
        let below_stack = || {
            let above = mm.vmas().at_or_above(signal.addr.page());
            above.is_some_and(|vma| vma.growth == Growth::Down)
        };
        match signal.code {
            SignalCode::Kernel => Rule(1),
            SignalCode::Maperr if !signal.addr.is_user() => Rule(1),
            SignalCode::Maperr if below_stack() => Rule(16),
            SignalCode::Maperr | SignalCode::Accerr => Rule(3),
            SignalCode::Adrerr => Rule(9),
        }
    }

    fn of_kind(mm: &Mm<'_>, fault: &PageFault, kind: FaultKind) -> Rule {
        let shared = mm.vma(fault.addr).is_some_and(|vma| !vma.is_private());
        match kind {
            FaultKind::ZeroPage | FaultKind::DemandZero => Rule(4),
            FaultKind::CopyOnWrite(_) | FaultKind::Reuse(_) => Rule(5),
            FaultKind::WriteNotify(_) => Rule(7),
            FaultKind::MapResident(_) if shared && fault.access == Access::Write => Rule(7),
            FaultKind::MapResident(_) | FaultKind::FileRead(_) | FaultKind::NewShared(_) => Rule(6),
            FaultKind::SwapIn(_) | FaultKind::SwapCached(..) => Rule(17),
            FaultKind::Spurious => Rule(2),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R{}", self.0)
    }
}
