//! The machine: events in, observations out.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::access;
use crate::addr::{CpuId, FileId, Pfn, Pid, VirtAddr};
use crate::audit;
use crate::cache::{ObjectId, ObjectKind};
use crate::cost::Cost;
use crate::event::{Config, Event};
use crate::express::{Express, Fault};
use crate::frames::ZERO_PAGE;
use crate::handlers::Handlers;
use crate::journal::{self, Changed};
use crate::kernel::{Identity, Kernel};
use crate::mm::{Mm, Page, Process};
use crate::naive::Choice;
use crate::observe::{FrameName, Observation, Outcome, PageState, Violation};
use crate::replacement::Policy;
use crate::syscalls::fork;
use crate::trail::Trail;

mod happen;

pub use happen::{Came, Miss};

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
    /// [`run`](Machine::run) and [`missed`](Machine::missed). A machine with several CPUs,
    /// a policy or a wrong choice has no use for that.
    pub fn with_express(self, express: Rc<dyn Express>) -> Self {
        let express = Fault::has_lane(&self.kernel).then_some(express);
        Self { express, ..self }
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
