//! How an event happens: looked at, unseen, or an access of the program as fast as can be.

use crate::access::{self, Missed, Reached};
use crate::addr::CpuId;
use crate::carry_out;
use crate::event::{Event, UserAccess};
use crate::express::{Fault, Traded};
use crate::fault::FaultClass;
use crate::machine::Machine;
use crate::mmu::{Refused, Running};
use crate::observe::{End, Observation, Outcome};
use crate::trail::Trail;

/// An access of the program that a TLB alone has not let through.
#[derive(Clone, Copy, Debug)]
pub struct Miss(UserAccess, Missed);

/// What came of an access that faulted, for who wants its class.
#[derive(Clone, Copy, Debug)]
pub enum Came {
    /// It took one fault, of this class, which was handled in one go.
    Express(FaultClass),
    /// [`Machine::outcome`] tells.
    Told,
}

impl Machine {
    /// Lets an event happen, and looks at what it changed.
    ///
    /// # Panics
    ///
    /// With a [`KernelBug`](crate::kernel::KernelBug) as payload when a handler
    /// does what no kernel may do, and with whatever the handlers panic with. The
    /// machine is of no use afterwards.
    pub fn step(&mut self, event: &Event) -> Observation {
        let before = self.kernel.cost;
        match event.user_access() {
            Some(access) => match self.at_once(&access) {
                Ok(reached) => self.done(&access, reached),
                Err(refused) => {
                    self.kernel.touched.begin(true);
                    self.fault(&access, refused);
                }
            },
            None => {
                self.kernel.touched.begin(true);
                self.call(event);
            }
        }
        let observation = self.observe(event, before);
        self.kernel.touched.begin(false);
        self.kernel.held.clear();
        observation
    }

    /// Lets an event happen, and looks at nothing: the audit is left out as well. For
    /// traces of millions of events (docs/performance.md).
    ///
    /// # Panics
    ///
    /// As [`step`](Machine::step) does.
    #[inline]
    pub fn run(&mut self, event: &Event) -> &Outcome {
        match event.user_access() {
            Some(access) => match self.at_once(&access) {
                Ok(reached) => self.done(&access, reached),
                Err(refused) => self.fault_unseen(&access, refused),
            },
            None => {
                self.call(event);
                self.kernel.held.clear();
            }
        }
        &self.outcome
    }

    /// Lets accesses of the program happen as long as a TLB alone lets them through, which
    /// needs no kernel. Gives the first that it does not, which is still to
    /// [happen](Machine::missed); none, if there are no more.
    #[inline(always)]
    pub fn hits(&mut self, accesses: &mut impl Iterator<Item = UserAccess>) -> Option<Miss> {
        let mut access = accesses.next()?;
        loop {
            let (pid, cpu) = (access.pid, access.cpu);
            let Some(running) = self.runs(&access) else {
                return Some(Miss(access, Missed::Untried));
            };
            let (tlb, frames) = self.kernel.hardware(cpu);
            while (access.pid, access.cpu) == (pid, cpu) {
                let reached = match access::at_hand(tlb, running, &access) {
                    Ok(reached) => reached,
                    Err(missed) => return Some(Miss(access, missed)),
                };
                carry_out::complete(frames, &access, self.events, reached);
                self.events += 1;
                access = accesses.next()?;
            }
        }
    }

    /// Lets an access happen that a TLB alone has not let through, and looks at nothing.
    /// Tells what came of it, if the tables did not let it through either;
    /// [`outcome`](Machine::outcome) is that of an event before, unless this refers to it.
    ///
    /// # Panics
    ///
    /// As [`step`](Machine::step) does.
    #[inline(always)]
    pub fn missed(&mut self, Miss(access, missed): Miss) -> Option<Came> {
        self.access_missed(access, missed)
    }

    /// The access is passed as a copy, so that nobody else must have it in memory.
    #[inline(never)]
    fn access_missed(&mut self, access: UserAccess, missed: Missed) -> Option<Came> {
        let access = &access;
        let (reached, came) = match access::at_once(&mut self.kernel, access, missed) {
            Ok(reached) => (reached, None),
            Err(refused) => match self.take_express(access, refused) {
                Some(Traded { pfn, class }) => {
                    let reached = Reached::in_frame(pfn, access.addr, access.size);
                    (reached, Some(Came::Express(class)))
                }
                None => {
                    self.fault(access, refused);
                    self.kernel.held.clear();
                    return Some(Came::Told);
                }
            },
        };
        carry_out::complete(&mut self.kernel.frames, access, self.events, reached);
        self.events += 1;
        came
    }

    /// What an access reaches, if the hardware allows it: the kernel learns nothing of it.
    /// If the hardware has refused it, says why.
    #[inline]
    fn at_once(&mut self, access: &UserAccess) -> Result<Reached, Option<Refused>> {
        match self.at_hand(access) {
            Ok(reached) => Ok(reached),
            Err(missed) => access::at_once(&mut self.kernel, access, missed),
        }
    }

    /// The same, if the TLB alone lets it through.
    #[inline(always)]
    fn at_hand(&mut self, access: &UserAccess) -> Result<Reached, Missed> {
        let running = self.runs(access).ok_or(Missed::Untried)?;
        access::at_hand(self.kernel.hardware(access.cpu).0, running, access)
    }

    /// What the CPU of an access knows of its process, which it runs from now on; none, if
    /// there is no such process, or if somebody watches what the hardware does.
    #[inline(always)]
    fn runs(&mut self, access: &UserAccess) -> Option<Running> {
        match self.kernel.trail {
            Some(_) => None,
            None => self.kernel.processes.run(access.pid, access.cpu),
        }
    }

    /// An access got through, and no fault of it is noted yet.
    #[inline]
    fn done(&mut self, access: &UserAccess, reached: Reached) {
        let read = carry_out::complete(&mut self.kernel.frames, access, self.events, reached);
        self.outcome.faults.clear();
        (self.outcome.end, self.outcome.read) = (End::Done, read);
        self.events += 1;
    }

    /// Lets an access happen that the hardware has not let through, and looks at nothing.
    fn fault_unseen(&mut self, access: &UserAccess, refused: Option<Refused>) {
        match self.take_express(access, refused) {
            Some(Traded { pfn, class }) => {
                self.done(access, Reached::in_frame(pfn, access.addr, access.size));
                self.outcome.faults.push(class);
            }
            None => {
                self.fault(access, refused);
                self.kernel.held.clear();
            }
        }
    }

    /// Lets an access that was refused take the express lane.
    #[inline]
    fn take_express(&mut self, access: &UserAccess, refused: Option<Refused>) -> Option<Traded> {
        match (&self.express, refused) {
            (Some(express), Some(Refused::ByTables { present: false })) => {
                express.handle(Fault::new(&mut self.kernel, access))
            }
            _ => None,
        }
    }

    /// Lets an access happen that the hardware has not let through.
    #[inline(never)]
    fn fault(&mut self, access: &UserAccess, refused: Option<Refused>) {
        self.begin(access.cpu);
        let (k, outcome) = (&mut self.kernel, &mut self.outcome);
        carry_out::user_access(k, access, self.events, refused, outcome);
        self.end();
    }

    /// Lets an event happen that is no access of the program.
    fn call(&mut self, event: &Event) {
        self.begin(event.cpu);
        let (k, outcome) = (&mut self.kernel, &mut self.outcome);
        carry_out::carry_out(k, &event.op, self.events, outcome);
        self.end();
    }

    /// Begins an event in which the kernel runs.
    fn begin(&mut self, cpu: CpuId) {
        self.check_identity();
        let k = &mut self.kernel;
        (k.cpu, k.now) = (cpu, self.events);
        k.last_change = None;
        if let Some(trail) = &mut k.trail {
            **trail = Trail::default();
        }
        self.outcome.faults.clear();
        (self.outcome.end, self.outcome.read) = (End::Done, None);
    }

    fn end(&mut self) {
        self.check_identity();
        self.events += 1;
    }

    /// Who was given `&mut Kernel` could have put another one there. Before an event it
    /// is looked at as well, as the handlers of a second machine may have got hold of
    /// this kernel in the middle of one.
    fn check_identity(&self) {
        if !self.kernel.identity.is(&self.identity) {
            let k = &self.kernel;
            k.bug("a handler put another kernel in the place of its own".to_owned());
        }
    }
}
