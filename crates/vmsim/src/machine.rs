//! The machine: events in, observations out.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::access::{self, Missed, Reached};
use crate::addr::{CpuId, FileId, Pfn, Pid, VirtAddr};
use crate::audit;
use crate::cache::{ObjectId, ObjectKind};
use crate::carry_out;
use crate::cost::Cost;
use crate::event::{Config, Event, UserAccess};
use crate::express::{Express, Fault, Traded};
use crate::fault::FaultClass;
use crate::frames::ZERO_PAGE;
use crate::handlers::Handlers;
use crate::journal::{self, Changed};
use crate::kernel::{Identity, Kernel};
use crate::mm::{Mm, Page, Process};
use crate::mmu::Refused;
use crate::naive::Choice;
use crate::observe::{End, FrameName, Observation, Outcome, PageState, Violation};
use crate::replacement::Policy;
use crate::syscalls::fork;
use crate::trail::Trail;

/// A machine with its kernel, its processes and its memory.
///
/// A copy goes its own way from there: for who asks what would happen if.
pub struct Machine {
    kernel: Kernel,
    /// Which kernel that was when the machine was made.
    identity: Identity,
    events: u64,
    /// What came of the last event.
    outcome: Outcome,
    /// Frames that have a name in the log.
    named: u32,
    /// Who handles the commonest of faults in one go, if anybody does.
    express: Option<Rc<dyn Express>>,
}

/// What came of an access of the program, for who wants its class.
#[derive(Clone, Copy, Debug)]
pub enum Came {
    /// The hardware let it through.
    Through,
    /// It took one fault, of this class, which was handled in one go.
    Express(FaultClass),
    /// [`Machine::outcome`] tells.
    Told,
}

impl Clone for Machine {
    fn clone(&self) -> Self {
        let kernel = self.kernel.clone();
        Self {
            identity: kernel.identity.note(),
            kernel,
            events: self.events,
            outcome: self.outcome.clone(),
            named: self.named,
            express: self.express.clone(),
        }
    }
}

impl Machine {
    /// A machine with one process, number 1, that has no memory yet.
    pub fn new(config: Config, handlers: Rc<dyn Handlers>) -> Self {
        Self::of(Kernel::new(config, handlers, None))
    }

    /// The same machine, on which a policy chooses the victims, and not the handlers
    /// (see [`replacement`](crate::replacement)).
    pub fn with_policy(
        config: Config,
        handlers: Rc<dyn Handlers>,
        policy: Box<dyn Policy>,
    ) -> Self {
        let mut kernel = Kernel::new(config, handlers, None);
        kernel.policy = Some(Rc::new(RefCell::new(policy)));
        Self::of(kernel)
    }

    /// The same machine with one wrong choice, whoever wrote the handlers: for
    /// checks that must find it (see [`naive`](crate::naive)), and for nothing else.
    pub fn naive(config: Config, handlers: Rc<dyn Handlers>, choice: Choice) -> Self {
        Self::of(Kernel::new(config, handlers, Some(choice)))
    }

    fn of(mut kernel: Kernel) -> Self {
        fork::create(&mut kernel, Pid(1));
        Self {
            identity: kernel.identity.note(),
            kernel,
            events: 0,
            outcome: Outcome::default(),
            named: 0,
            express: None,
        }
    }

    /// Lets somebody handle the commonest of faults in one go, where nobody looks: in
    /// [`run`](Machine::run) and [`access`](Machine::access). A machine with several CPUs,
    /// a policy or a wrong choice has no use for that.
    pub fn with_express(self, express: Rc<dyn Express>) -> Self {
        let express = Fault::has_lane(&self.kernel).then_some(express);
        Self { express, ..self }
    }

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

    /// The same for an access of the program. [`outcome`](Machine::outcome) is that of an
    /// event before, unless this refers to it.
    ///
    /// # Panics
    ///
    /// As [`step`](Machine::step) does.
    #[inline(always)]
    pub fn access(&mut self, access: &UserAccess) -> Came {
        match self.at_hand(access) {
            Ok(reached) => {
                carry_out::complete(&mut self.kernel, access, self.events, reached);
                self.events += 1;
                Came::Through
            }
            Err(missed) => self.access_missed(*access, missed),
        }
    }

    /// The same for an access that the TLB alone has not let through. It is passed as a copy,
    /// so that nobody else must have it in memory.
    #[inline(never)]
    fn access_missed(&mut self, access: UserAccess, missed: Missed) -> Came {
        let access = &access;
        let (reached, came) = match access::at_once(&mut self.kernel, access, missed) {
            Ok(reached) => (reached, Came::Through),
            Err(refused) => match self.take_express(access, refused) {
                Some(Traded { pfn, class }) => {
                    let reached = Reached::in_frame(pfn, access.addr, access.size);
                    (reached, Came::Express(class))
                }
                None => {
                    self.fault(access, refused);
                    self.kernel.held.clear();
                    return Came::Told;
                }
            },
        };
        carry_out::complete(&mut self.kernel, access, self.events, reached);
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
        match self.kernel.trail {
            Some(_) => Err(Missed::Untried),
            None => access::at_hand(&mut self.kernel, access),
        }
    }

    /// An access got through, and no fault of it is noted yet.
    #[inline]
    fn done(&mut self, access: &UserAccess, reached: Reached) {
        let read = carry_out::complete(&mut self.kernel, access, self.events, reached);
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

    /// How many events have happened.
    #[inline]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// What came of the last event.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
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

    /// Watches faults step by step from now on; [`trail`](Machine::trail) tells.
    pub fn watch(&mut self) {
        self.kernel.trail = Some(Box::default());
    }

    /// Notes what changes from now on; [`take_changed`](Machine::take_changed) tells. The
    /// first time it tells of everything that is there already.
    pub fn follow(&mut self) {
        let k = &mut self.kernel;
        let entries = |process: &Process| {
            let (root, entries) = (process.root, k.tables.entries(process.root));
            entries.into_iter().map(move |(vpn, _)| (root, vpn))
        };
        let written: Vec<_> = k
            .processes
            .iter()
            .flat_map(|(_, process)| entries(process))
            .collect();
        let taken: Vec<_> = k.tables.all().map(|pfn| (pfn, true)).collect();
        let frames: Vec<_> = k.frames.in_use().collect();
        let slots: Vec<_> = k.swap.in_use().collect();
        k.tables.written.begin(written);
        k.tables.taken.begin(taken);
        k.frames
            .changed
            .begin([ZERO_PAGE].into_iter().chain(frames));
        k.swap.changed.begin(slots);
        for tlb in &mut k.tlbs {
            let entries = tlb.entries();
            let rows = entries.iter().map(|entry| (entry.asid, entry.vpn));
            tlb.changed.begin(rows);
        }
    }

    /// The rows that may have changed since this was last asked, if the machine is
    /// followed. It costs as much as there are changes, however large the machine is.
    pub fn take_changed(&mut self) -> Changed {
        let k = &mut self.kernel;
        let processes = &k.processes;
        let page = |(root, vpn)| processes.owner(root).map(|pid| Page { pid, vpn });
        let pages = k.tables.written.take().into_iter().filter_map(page);
        let mut remembered = Vec::new();
        for (cpu, tlb) in (0..).map(CpuId).zip(&mut k.tlbs) {
            let rows = tlb.changed.take().into_iter();
            remembered.extend(rows.map(|(asid, vpn)| (cpu, asid, vpn)));
        }
        // Of a kernel frame that was given back and taken again, the last counts.
        let tables: BTreeMap<_, _> = k.tables.taken.take().into_iter().collect();
        Changed {
            pages: journal::sorted(pages.collect()),
            frames: journal::sorted(k.frames.changed.take()),
            tables: tables.into_iter().collect(),
            slots: journal::sorted(k.swap.changed.take()),
            remembered: journal::sorted(remembered),
        }
    }

    /// The faults of the last event, step by step, if they are watched.
    pub fn trail(&self) -> Option<&Trail> {
        self.kernel.trail.as_deref()
    }

    /// Checks every invariant of the machine.
    pub fn audit(&self) -> Vec<Violation> {
        audit::full(&self.kernel)
    }

    /// The processes that are alive.
    pub fn processes(&self) -> impl Iterator<Item = (Pid, &Process)> {
        self.kernel.processes.iter()
    }

    /// The memory of a process that is alive.
    pub fn mm(&self, pid: Pid) -> Option<Mm<'_>> {
        self.kernel
            .processes
            .contains_key(&pid)
            .then(|| self.kernel.mm(pid))
    }

    /// The bytes of a file on the disk that are not as they were at the start, by
    /// their offset.
    pub fn changed_bytes(&self, file: FileId) -> Vec<(u64, u8)> {
        let object = self.kernel.file_object(file);
        self.kernel.objects.changed_bytes(file, object)
    }

    /// Files that exist so far.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        (0..self.kernel.files.len() as u32).map(FileId)
    }

    /// Frames and swap slots in use.
    pub fn in_use(&self) -> (u32, u32) {
        let k = &self.kernel;
        (k.frames.used(), k.config.swap - k.swap.left())
    }

    /// How many pages had to go because no frame was free.
    pub fn evictions(&self) -> u64 {
        self.kernel.evictions
    }

    /// What everything cost so far.
    pub fn cost(&self) -> Cost {
        self.kernel.cost
    }

    /// The kernel, to look at.
    pub fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// The name that the log has given to a frame, if it has.
    pub fn known_name(&self, pfn: Pfn) -> Option<FrameName> {
        if pfn == ZERO_PAGE {
            return Some(FrameName::Zero);
        }
        self.kernel.frames.name(pfn).map(FrameName::Numbered)
    }

    /// The file that an object is, if it is one.
    pub fn file_of(&self, object: ObjectId) -> Option<FileId> {
        match self.kernel.objects.kind(object) {
            ObjectKind::File { file, .. } => Some(file),
            ObjectKind::SharedMemory => None,
        }
    }

    /// The name of a frame in the log; a frame that was freed in between has
    /// another one.
    pub fn frame_name(&mut self, pfn: Pfn) -> FrameName {
        if pfn == ZERO_PAGE {
            return FrameName::Zero;
        }
        let name = self.kernel.frames.name_mut(pfn);
        FrameName::Numbered(*name.get_or_insert_with(|| {
            self.named += 1;
            self.named - 1
        }))
    }

    fn observe(&mut self, event: &Event, before: Cost) -> Observation {
        let (pid, addr) = (event.op.pid(), event.op.addr());
        let is_access = event.op.is_access();
        let page = match (pid, addr) {
            (Some(pid), Some(addr)) if is_access => self.page_state(pid, addr),
            _ => None,
        };
        let k = &self.kernel;
        Observation {
            event: self.events - 1,
            pid,
            cpu: event.cpu,
            addr,
            is_access,
            faults: self.outcome.faults.clone(),
            end: self.outcome.end,
            value: self.outcome.read.map(|reached| access::load(k, reached)),
            page,
            frames_used: k.frames.used(),
            slots_used: k.config.swap - k.swap.left(),
            violations: audit::touched(k),
            cost: k.cost - before,
        }
    }

    fn page_state(&mut self, pid: Pid, addr: VirtAddr) -> Option<PageState> {
        if !addr.is_user() || !self.kernel.processes.contains_key(&pid) {
            return None;
        }
        let pte = self.kernel.pte(Page {
            pid,
            vpn: addr.page(),
        });
        let (frame, mappings) = match (pte.frame(), pte.swap_slot()) {
            (Some(pfn), _) => (self.frame_name(pfn), self.kernel.frame(pfn).mappings),
            (None, Some(_)) => (FrameName::Swapped, 0),
            (None, None) => (FrameName::None, 0),
        };
        let (writable, executable) = (pte.writable(), pte.executable());
        Some(PageState {
            frame,
            writable,
            executable,
            dirty: pte.dirty(),
            mappings,
        })
    }
}
