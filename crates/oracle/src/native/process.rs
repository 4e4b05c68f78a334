//! A process of the trace: what it does, and what the kernel's counters say of it.

use nix::sys::signal::Signal as Signo;
use vmsim::addr::{VirtAddr, Vpn};
use vmsim::event::{SigAction, SignalSet};
use vmsim::fault::{Signal, SignalCode};

use crate::error::Error;
use crate::native::access::end_of;
use crate::native::call::Call;
use crate::native::room;
use crate::native::tracee::{Stop, Tracee};
use crate::native::window::Window;
use crate::outcome::{Counters, End, Outcome};

/// A process of the trace.
pub(crate) struct Process {
    pub(crate) tracee: Tracee,
    on_segv: SigAction,
    on_bus: SigAction,
    /// The counters after the last event.
    counted: Counters,
    pub(crate) window: Window,
}

impl Process {
    pub(crate) fn new(tracee: Tracee, window: Window) -> Result<Self, Error> {
        let counted = tracee.counters()?;
        Ok(Self {
            tracee,
            on_segv: SigAction::Default,
            on_bus: SigAction::Default,
            counted,
            window,
        })
    }

    /// fork(2).
    pub(crate) fn fork(&mut self) -> Result<Process, Error> {
        let mut child = Process::new(self.tracee.fork()?, self.window.clone())?;
        (child.on_segv, child.on_bus) = (self.on_segv, self.on_bus);
        // Both have to copy the scratch page, and the child to map the routines:
        // now, and not in the middle of an event.
        for process in [self, &mut child] {
            room::settle(&mut process.tracee)?;
        }
        Ok(child)
    }

    /// sigaction(2). No handler is really there: the tracer takes the signal away,
    /// and the process goes on.
    pub(crate) fn set_action(&mut self, signal: SignalSet, action: SigAction) {
        self.on_bus = action;
        if signal == SignalSet::Segv {
            self.on_segv = action;
        }
    }

    /// Whether it goes on after a signal.
    pub(crate) fn handles(&self, signal: &Signal) -> bool {
        let action = match signal.code {
            SignalCode::Adrerr => self.on_bus,
            _ => self.on_segv,
        };
        action == SigAction::Handler
    }

    /// Dies of a signal.
    pub(crate) fn die_of(self, signal: &Signal) -> Result<(), Error> {
        self.tracee.die_of(match signal.code {
            SignalCode::Adrerr => Signo::SIGBUS,
            _ => Signo::SIGSEGV,
        })
    }

    /// Lets an access happen and looks at the counters and the page around it.
    pub(crate) fn access(
        &mut self,
        addr: VirtAddr,
        access: impl FnOnce(&mut Tracee) -> Result<Stop, Error>,
    ) -> Result<Outcome, Error> {
        self.watched(addr, |tracee| end_of(access(tracee)?))
    }

    /// Makes a system call that reads or writes the memory at an address.
    pub(crate) fn copy(&mut self, addr: VirtAddr, call: &Call) -> Result<Outcome, Error> {
        self.watched(addr, |tracee| call.make(tracee))
    }

    /// Makes a system call.
    pub(crate) fn call(&mut self, call: &Call) -> Result<Outcome, Error> {
        self.start_counting()?;
        let end = call.make(&mut self.tracee)?;
        Ok(Outcome {
            faults: self.newly_counted()?,
            end,
            ..Outcome::nothing()
        })
    }

    fn watched(
        &mut self,
        addr: VirtAddr,
        act: impl FnOnce(&mut Tracee) -> Result<End, Error>,
    ) -> Result<Outcome, Error> {
        let page: Option<Vpn> = addr.is_user().then(|| addr.page());
        let look = |tracee: &Tracee| page.and_then(|page| tracee.page(page));
        let before = look(&self.tracee);
        self.start_counting()?;
        let end = act(&mut self.tracee)?;
        Ok(Outcome {
            faults: self.newly_counted()?,
            end,
            value: None,
            before,
            after: look(&self.tracee),
        })
    }

    fn start_counting(&mut self) -> Result<(), Error> {
        self.counted = self.tracee.counters()?;
        Ok(())
    }

    fn newly_counted(&self) -> Result<Counters, Error> {
        Ok(self.tracee.counters()? - self.counted)
    }
}
