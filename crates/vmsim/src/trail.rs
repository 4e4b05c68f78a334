//! The trail of a fault: what happened in each of the seven steps, for those who
//! want to watch.
//!
//! 1 the MMU detects · 2 the exception is raised · 3 the kernel takes control ·
//! 4 the kernel investigates · 5 the kernel acts · 6 the page table is updated ·
//! 7 the process resumes.

use std::panic::Location;

use crate::addr::Vpn;
use crate::fault::{Delivery, FaultClass, FaultKind, OutOfMemory, PageFault, Signal};
use crate::page_table::Walk;
use crate::pte::Pte;
use crate::rules::Rule;
use crate::vma::Vma;

/// Where the MMU found what refused the access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detected {
    /// In an entry that the TLB remembered.
    ByTlb(Pte),
    /// In the page tables, at the last entry of the walk.
    ByWalk(Walk),
    /// In the address itself: it belongs to the kernel.
    ByAddress,
}

/// A call of a kernel service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceCall {
    /// What it did, in words.
    pub what: String,
    /// The line that called it.
    pub location: &'static Location<'static>,
}

/// What the kernel concluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A repair.
    Repair(FaultKind),
    /// No repair: a signal.
    Signal(Signal),
}

/// How the fault ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resumed {
    /// The instruction is executed again.
    Retry(FaultClass),
    /// The process gets a signal, or its system call an error.
    Signalled(Signal, Delivery),
    /// Memory ran out: the process is killed.
    Killed(OutOfMemory),
}

/// The seven steps of one fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultTrail {
    /// The fault: address, access, error code (steps 1 to 3).
    pub fault: PageFault,
    /// What the MMU saw (step 1).
    pub detected: Detected,
    /// The VMA that was found (step 4).
    pub vma: Option<Vma>,
    /// The stack's new first page, if it grew (step 4).
    pub grown_to: Option<Vpn>,
    /// What the kernel concluded (step 4).
    pub verdict: Option<Verdict>,
    /// The rule that decided (step 4).
    pub rule: Option<Rule>,
    /// What the kernel did (step 5).
    pub services: Vec<ServiceCall>,
    /// The entry before (step 6).
    pub before: Pte,
    /// The entry after (step 6).
    pub after: Pte,
    /// How it ended (step 7).
    pub resumed: Option<Resumed>,
}

/// The trails of the faults of an event.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    pub(crate) faults: Vec<FaultTrail>,
    /// What services did outside of a fault: in fork, munmap and the like.
    pub(crate) calls: Vec<ServiceCall>,
    pub(crate) in_fault: bool,
}

impl Trail {
    /// The faults, in order.
    pub fn faults(&self) -> &[FaultTrail] {
        &self.faults
    }

    /// What services did outside of a fault.
    pub fn calls(&self) -> &[ServiceCall] {
        &self.calls
    }

    pub(crate) fn service(&mut self, what: String, location: &'static Location<'static>) {
        let call = ServiceCall { what, location };
        match self.faults.last_mut() {
            Some(fault) if self.in_fault => fault.services.push(call),
            _ => self.calls.push(call),
        }
    }

    pub(crate) fn begin(&mut self, fault: PageFault, detected: Detected, before: Pte) {
        self.in_fault = true;
        self.faults.push(FaultTrail {
            fault,
            detected,
            vma: None,
            grown_to: None,
            verdict: None,
            rule: None,
            services: Vec::new(),
            before,
            after: before,
            resumed: None,
        });
    }

    pub(crate) fn current(&mut self) -> Option<&mut FaultTrail> {
        if self.in_fault {
            self.faults.last_mut()
        } else {
            None
        }
    }

    pub(crate) fn end(&mut self, after: Pte, resumed: Resumed) {
        if let Some(fault) = self.current() {
            fault.after = after;
            fault.resumed = Some(resumed);
        }
        self.in_fault = false;
    }
}
