//! A replay as a film: for each event its seven steps, and what it changed in the machine.
//!
//! The machine is followed ([`Machine::follow`]), so that a scene costs as much as its
//! event changed. What is told already is kept, and a row that is as it was told is left
//! out.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use film::scene::{
    Call, Closing, Fault, Opening, Outcome, SCHEMA, Scene, Violation as FilmedViolation, Walked,
};
use film::state::{Change, Entry, Frame, Slot, State, Target, Usage, Vma};
use serde::Serialize;
use vmsim::addr::{CpuId, PAGE_SIZE, Pfn, Pid, SwapSlot, VirtAddr, Vpn};
use vmsim::cache::ObjectPage;
use vmsim::cost::Cost;
use vmsim::event::{Growth, Sharing};
use vmsim::fault::Delivery;
use vmsim::frames::Usage as FrameUsage;
use vmsim::machine::Machine;
use vmsim::observe::{End, Observation, Violation};
use vmsim::page_table::{LEVELS, PageTables};
use vmsim::pte::Pte;
use vmsim::tlb::Asid;
use vmsim::trail::{Detected, FaultTrail, Resumed, ServiceCall};
use vmsim::vma::{Backing, Vma as Area};
use vmsim::vmas::Vmas;
use vmtrace::Line;
use vmtrace::names::Names;

use crate::json;
use crate::log;
use crate::steps::{Slide, bits, no_fault, resumes};

/// Whoever films a machine.
pub(crate) struct Filmer {
    /// What the film has told so far.
    told: State,
    /// Whose address space is whose: TLBs know no processes.
    spaces: BTreeMap<Asid, AddressSpace>,
    scenes: u64,
}

/// An address space that was filmed.
#[derive(Clone, Copy, PartialEq, Eq)]
struct AddressSpace {
    pid: u32,
    /// The edits of its VMAs when it was filmed last.
    edits: u64,
}

/// An event on film: its line, as the trace language has it, and the files of the trace.
pub(crate) struct Take<'a> {
    pub line: &'a Line,
    pub text: String,
    pub names: &'a Names,
}

impl Filmer {
    /// Begins to follow a machine.
    pub fn of(machine: &mut Machine) -> Self {
        machine.watch();
        machine.follow();
        Self {
            told: State::default(),
            spaces: BTreeMap::new(),
            scenes: 0,
        }
    }

    /// Writes the machine before the first event.
    pub fn open(&mut self, out: &mut impl Write, machine: &mut Machine) -> io::Result<()> {
        let config = *machine.kernel().config();
        let opening = Opening {
            schema: SCHEMA.to_owned(),
            frames: config.frames,
            swap: config.swap,
            cpus: config.cpus,
            changes: self.changes(machine, &Names::default()),
        };
        write_line(out, &opening)
    }

    /// Writes the scene of an event.
    pub fn write(
        &mut self,
        out: &mut impl Write,
        machine: &mut Machine,
        take: Take<'_>,
        seen: &Observation,
    ) -> io::Result<()> {
        let trails = machine.trail().map_or(&[][..], |trail| trail.faults());
        let scene = Scene {
            class: seen.class(),
            outcome: outcome(seen),
            value: seen.value,
            end: Some(log::signal(seen)).filter(|end| !end.is_empty()),
            note: no_fault(seen, trails).map(|lines| lines.join(" ")),
            violations: seen.violations.iter().map(violation).collect(),
            cost: counters(seen.cost),
            ..self.begin(machine, take, totals(seen))
        };
        write_line(out, &scene)
    }

    /// Writes the scene of an event in which a handler did not return, as far as it came.
    pub fn stop(
        &mut self,
        out: &mut impl Write,
        machine: &mut Machine,
        take: Take<'_>,
    ) -> io::Result<()> {
        let begun = self.begin(machine, take, Vec::new());
        let classes = begun.faults.iter().map(|fault| fault.class.as_str());
        let classes: Vec<_> = classes.filter(|class| !class.is_empty()).collect();
        let scene = Scene {
            class: classes.join(" then "),
            outcome: Outcome::Stopped,
            ..begun
        };
        write_line(out, &scene)
    }

    /// Writes that the trace is over, and what the audit of the whole machine found.
    pub fn close(&self, out: &mut impl Write, machine: &Machine) -> io::Result<()> {
        let closing = Closing {
            scenes: self.scenes,
            stopped: None,
            violations: machine.audit().iter().map(violation).collect(),
        };
        write_line(out, &closing)
    }

    /// What can be told of an event, however it ended. `more` adds to the totals.
    fn begin(&mut self, machine: &mut Machine, take: Take<'_>, more: Vec<(&str, u64)>) -> Scene {
        let Take { line, text, names } = take;
        let event = &line.event;
        let (faults, calls) = told(machine, names);
        let mut changes = self.changes(machine, names);
        changes.extend(self.count(more, machine.cost()));
        self.scenes += 1;
        Scene {
            line: line.number,
            text,
            op: json::word(&event.op).to_owned(),
            pid: event.op.pid().map(|pid| pid.0),
            cpu: event.cpu.0,
            addr: event.op.addr().map(|addr| addr.0),
            class: String::new(),
            outcome: Outcome::Call,
            value: None,
            end: None,
            faults,
            calls,
            note: None,
            violations: Vec::new(),
            cost: BTreeMap::new(),
            changes,
        }
    }

    /// Adds to the totals, and returns those that are new.
    fn count(&mut self, more: Vec<(&str, u64)>, cost: Cost) -> Vec<Change> {
        let so_far = |name| self.told.totals.get(name).copied().unwrap_or_default();
        let added = more.into_iter().filter(|&(_, more)| more > 0);
        let totals = added.map(|(name, more)| (name, so_far(name) + more));
        let costs = cost.named().into_iter();
        let new = totals
            .chain(costs)
            .filter(|&(name, value)| so_far(name) != value);
        let changes: Vec<_> = new
            .map(|(name, value)| Change::Total(name.to_owned(), value))
            .collect();
        for change in &changes {
            self.told.apply(change);
        }
        changes
    }

    /// What changed in the machine since this was last asked.
    fn changes(&mut self, machine: &mut Machine, names: &Names) -> Vec<Change> {
        let changed = machine.take_changed();
        let camera = Camera { machine, names };
        let mut changes = Changes {
            told: &mut self.told,
            all: Vec::new(),
        };
        let alive: BTreeSet<u32> = machine.processes().map(|(pid, _)| pid.0).collect();
        for (pid, process) in machine.processes() {
            if !changes.told.processes.contains_key(&pid.0) {
                changes.make(Change::Process(pid.0, true));
            }
            let edits = process.vmas.edits();
            let space = AddressSpace { pid: pid.0, edits };
            if self.spaces.insert(process.asid(), space) != Some(space) {
                changes.vmas(&camera, pid, &process.vmas);
            }
        }
        for page in changed.pages {
            let entry = camera.page(page.pid, page.vpn);
            changes.make(Change::Page(page.pid.0, page.vpn.0, entry));
        }
        for pfn in changed.frames {
            changes.make(Change::Frame(pfn.0, camera.frame(pfn)));
        }
        for (pfn, taken) in changed.tables {
            changes.make(Change::Frame(pfn.0, taken.then(|| table(pfn))));
        }
        for slot in changed.slots {
            changes.make(Change::Slot(slot.0, camera.slot(slot)));
        }
        for (cpu, asid, vpn) in changed.remembered {
            if let Some(space) = self.spaces.get(&asid) {
                let entry = camera.remembered(cpu, asid, vpn);
                changes.make(Change::Tlb(cpu.0, space.pid, vpn.0, entry));
            }
        }
        let dead: Vec<u32> = changes.told.processes.keys().copied().collect();
        for pid in dead.into_iter().filter(|pid| !alive.contains(pid)) {
            self.spaces.retain(|_, space| space.pid != pid);
            changes.make(Change::Process(pid, false));
        }
        changes.all
    }
}

/// The changes of one scene.
struct Changes<'a> {
    told: &'a mut State,
    all: Vec<Change>,
}

impl Changes<'_> {
    /// Adds a change, unless it changes nothing.
    fn make(&mut self, change: Change) {
        if self.told.differs(&change) {
            self.told.apply(&change);
            self.all.push(change);
        }
    }

    /// Adds what is new in the VMAs of a process.
    fn vmas(&mut self, camera: &Camera<'_>, pid: Pid, vmas: &Vmas) {
        let now: BTreeMap<u64, &Area> = vmas.iter().map(|vma| (vma.start.start().0, vma)).collect();
        let told = self.told.processes.get(&pid.0);
        let told = told
            .into_iter()
            .flat_map(|process| process.vmas.keys().copied());
        for start in told.collect::<Vec<_>>() {
            if !now.contains_key(&start) {
                self.make(Change::Vma(pid.0, start, None));
            }
        }
        for (start, area) in now {
            self.make(Change::Vma(pid.0, start, Some(camera.vma(area))));
        }
    }
}

/// Rows of the machine's tables, as a film has them.
struct Camera<'a> {
    machine: &'a Machine,
    names: &'a Names,
}

impl Camera<'_> {
    fn vma(&self, area: &Area) -> Vma {
        let backing = match area.backing {
            Backing::Object { object, first } if self.machine.file_of(object).is_some() => self
                .object_page(ObjectPage {
                    object,
                    index: first,
                }),
            Backing::Anonymous | Backing::Object { .. } => "anon".to_owned(),
        };
        Vma {
            end: area.end.start().0,
            prot: area.prot.to_string(),
            shared: area.sharing == Sharing::Shared,
            backing,
            grows_down: area.growth == Growth::Down,
        }
    }

    fn page(&self, pid: Pid, vpn: Vpn) -> Option<Entry> {
        self.machine.mm(pid).and_then(|mm| entry(mm.pte(vpn)))
    }

    fn remembered(&self, cpu: CpuId, asid: Asid, vpn: Vpn) -> Option<Entry> {
        entry(self.machine.kernel().remembered(cpu, asid, vpn)?)
    }

    fn frame(&self, pfn: Pfn) -> Option<Frame> {
        let kernel = self.machine.kernel();
        let info = kernel.frame(pfn);
        if info.references == 0 && info.mappings == 0 {
            return None;
        }
        let cached = kernel.cached_page(pfn);
        let (usage, slot) = match info.usage {
            // Mapped all the same: a kernel bug, which the audit tells.
            FrameUsage::Free => (Usage::Free, None),
            FrameUsage::Zero => (Usage::Zero, None),
            FrameUsage::Anon { swap_cache, .. } => (Usage::Private, swap_cache),
            FrameUsage::Object(_) => (Usage::Cache, None),
        };
        Some(Frame {
            name: self.machine.known_name(pfn).map(|name| name.to_string()),
            usage,
            refs: info.references,
            caches: cached.map(|(page, _)| self.object_page(page)),
            dirty: cached.is_some_and(|(_, dirty)| dirty),
            slot: slot.map(|slot| slot.0),
        })
    }

    fn slot(&self, slot: SwapSlot) -> Option<Slot> {
        let refs = self.machine.kernel().slot_references(slot)?;
        Some(Slot { refs })
    }

    /// `lib+0x2000`, `shm3+0x1000`.
    fn object_page(&self, page: ObjectPage) -> String {
        let offset = page.index * PAGE_SIZE;
        match self.machine.file_of(page.object) {
            Some(file) => format!("{}+{offset:#x}", self.names.get(file).unwrap_or("file")),
            None => format!("shm{}+{offset:#x}", page.object.0),
        }
    }
}

/// A kernel frame that holds a page table.
fn table(pfn: Pfn) -> Frame {
    Frame {
        name: PageTables::number(pfn).map(|number| format!("t{number}")),
        usage: Usage::Table,
        refs: 1,
        caches: None,
        dirty: false,
        slot: None,
    }
}

fn entry(pte: Pte) -> Option<Entry> {
    let to = match (pte.frame(), pte.swap_slot()) {
        (Some(pfn), _) => Target::Frame(pfn.0),
        (None, Some(slot)) => Target::Slot(slot.0),
        (None, None) => return None,
    };
    let bits = bits(pte);
    Some(Entry { to, bits })
}

/// The faults of the machine's last event, and what services did besides them.
fn told(machine: &Machine, names: &Names) -> (Vec<Fault>, Vec<Call>) {
    let Some(trail) = machine.trail() else {
        return (Vec::new(), Vec::new());
    };
    let slide = Slide { machine, names };
    let faults = trail.faults().iter().map(|trail| fault(&slide, trail));
    (faults.collect(), calls(trail.calls()))
}

fn fault(slide: &Slide<'_>, trail: &FaultTrail) -> Fault {
    let walk = match &trail.detected {
        Detected::ByWalk(walk) => walked(trail.fault.addr, &walk.entries),
        Detected::ByTlb(_) | Detected::ByAddress => Vec::new(),
    };
    Fault {
        class: class(trail),
        pid: trail.fault.page.pid.0,
        page: trail.fault.page.vpn.0,
        addr: trail.fault.addr.0,
        resumes: resumes(trail),
        steps: slide.steps(trail),
        calls: calls(&trail.services),
        walk,
        vma: trail.vma.map(|vma| slide.vma(&vma)),
        before: slide.entry(trail.before),
        after: slide.entry(trail.after),
        rule: trail.rule.map(|rule| rule.to_string()),
        rule_says: trail.rule.map(|rule| rule.title().to_owned()),
    }
}

fn class(trail: &FaultTrail) -> String {
    match trail.resumed {
        Some(Resumed::Retry(class)) => class.to_string(),
        Some(Resumed::Signalled(signal, _)) => signal.code.to_string(),
        Some(Resumed::Killed(_)) => "oom".to_owned(),
        None => String::new(),
    }
}

fn walked(addr: VirtAddr, entries: &[Pte]) -> Vec<Walked> {
    let level = |(level, pte): (usize, &Pte)| Walked {
        level: LEVELS[level].to_owned(),
        index: (addr.0 >> (39 - 9 * level) & 511) as u16,
        bits: bits(*pte),
        frame: pte.frame().map(|pfn| pfn.0),
    };
    entries.iter().enumerate().map(level).collect()
}

fn calls(calls: &[ServiceCall]) -> Vec<Call> {
    let told = |call: &ServiceCall| Call {
        what: call.what.clone(),
        at: format!("{}:{}", call.location.file(), call.location.line()),
    };
    calls.iter().map(told).collect()
}

fn violation(violation: &Violation) -> FilmedViolation {
    let place = |at: &std::panic::Location<'_>| format!("{}:{}", at.file(), at.line());
    FilmedViolation {
        what: format!("{}: {}", violation.kind, violation.what),
        at: violation.location.map(place),
    }
}

fn outcome(seen: &Observation) -> Outcome {
    match seen.end {
        End::Livelock => Outcome::Livelock,
        End::OutOfMemory => Outcome::Oom,
        End::Signalled(_, Delivery::ReturnEfault) => Outcome::Failed,
        End::Signalled(..) => Outcome::Signal,
        End::Failed(_) => Outcome::Failed,
        End::Done if seen.faults.iter().any(|fault| fault.major) => Outcome::Major,
        End::Done if !seen.faults.is_empty() => Outcome::Minor,
        End::Done if seen.is_access => Outcome::Hit,
        End::Done => Outcome::Call,
    }
}

/// What an event adds to the totals of faults and signals.
fn totals(seen: &Observation) -> Vec<(&'static str, u64)> {
    let major = seen.faults.iter().filter(|fault| fault.major).count();
    let signals = matches!(outcome(seen), Outcome::Signal | Outcome::Oom);
    vec![
        ("minor", (seen.faults.len() - major) as u64),
        ("major", major as u64),
        ("signals", u64::from(signals)),
    ]
}

fn counters(cost: Cost) -> BTreeMap<String, u64> {
    let moved = cost.named().into_iter().filter(|&(_, count)| count > 0);
    moved
        .map(|(name, count)| (name.to_owned(), count))
        .collect()
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    out.write_all(&text)
}
