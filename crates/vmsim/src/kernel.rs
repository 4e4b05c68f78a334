//! The kernel: all state of the machine, and questions about it.
//!
//! Handlers change this state through the services only: the methods of [`Kernel`]
//! that change anything, from [`Kernel::alloc`] to [`Kernel::advance_clock`].

use std::panic::Location;
use std::rc::Rc;

use crate::addr::{CpuId, FileId, Pfn, Pid, SwapSlot, Vpn};
use crate::cache::{Cached, ObjectId, ObjectKind, ObjectPage, Objects, Residence};
use crate::cost::Cost;
use crate::event::Config;
use crate::frames::{Frames, Usage, ZERO_PAGE};
use crate::handlers::Handlers;
use crate::mm::{Entry, FrameInfo, Mm, Page, Process};
use crate::mmu::Running;
use crate::naive::Choice;
use crate::page_table::PageTables;
use crate::processes::Processes;
use crate::pte::Pte;
use crate::refs::{Held, HeldKind};
use crate::replacement;
use crate::swap::Swap;
use crate::tlb::{Asid, Tlb};
use crate::touched::Touched;
use crate::trail::Trail;
use crate::vma::Vma;

/// The simulated kernel and the hardware that it runs.
#[derive(Clone)]
pub struct Kernel {
    pub(crate) config: Config,
    pub(crate) handlers: Rc<dyn Handlers>,
    pub(crate) processes: Processes,
    pub(crate) tables: PageTables,
    pub(crate) frames: Frames,
    pub(crate) objects: Objects,
    pub(crate) files: Vec<ObjectId>,
    pub(crate) swap: Swap,
    pub(crate) tlbs: Vec<Tlb>,
    /// What a TLB remembered of the page that it refused last, and forgot by that.
    pub(crate) forgotten: Pte,
    /// The last-level table that the hardware found when it refused an access last.
    pub(crate) walked: Option<u32>,
    /// The CPU that the kernel runs on now.
    pub(crate) cpu: CpuId,
    pub(crate) cost: Cost,
    pub(crate) io: FaultIo,
    pub(crate) held: Vec<Held>,
    pub(crate) touched: Touched,
    /// The entry that was changed last in this fault or event.
    pub(crate) last_change: Option<Rewritten>,
    pub(crate) trail: Option<Box<Trail>>,
    pub(crate) asids: u32,
    pub(crate) anon_vmas: u32,
    /// Pages evicted because no frame was free.
    pub(crate) evictions: u64,
    /// Events of the trace before the current one.
    pub(crate) now: u64,
    /// Who chooses victims, if it is not the handlers.
    pub(crate) policy: replacement::Own,
    /// What this kernel does wrong on purpose: nothing, unless a check is checked.
    pub(crate) naive: Option<Choice>,
    pub(crate) identity: Identity,
}

/// Tells a kernel from its copies, each of which is another one: a handler changes the
/// kernel that it is given, and does not put one in its place that had more memory or
/// paid less for it.
#[derive(Debug, Default)]
pub(crate) struct Identity(Rc<()>);

impl Clone for Identity {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Identity {
    /// The same identity, for whoever will want to know the kernel again.
    pub fn note(&self) -> Self {
        Self(Rc::clone(&self.0))
    }

    /// Whether it is that of the same kernel.
    pub fn is(&self, noted: &Self) -> bool {
        Rc::ptr_eq(&self.0, &noted.0)
    }
}

/// Reads and copies since the fault began: what its class is derived from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FaultIo {
    pub file_read: bool,
    pub swap_read: bool,
    pub copied: bool,
}

/// A page-table entry that the kernel has changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rewritten {
    pub page: Page,
    pub before: Pte,
    pub after: Pte,
}

/// A handler did what no kernel may do. The run cannot go on.
///
/// Raised as the payload of a panic, because it must end a handler from within
/// any service, whatever the handler would do with an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelBug {
    /// What was wrong.
    pub message: String,
    /// The line of the handler that did it.
    pub location: &'static Location<'static>,
}

impl Kernel {
    pub(crate) fn new(config: Config, handlers: Rc<dyn Handlers>, naive: Option<Choice>) -> Self {
        Self {
            config,
            handlers,
            processes: Processes::default(),
            tables: PageTables::default(),
            frames: Frames::new(config.frames, config.seed),
            objects: Objects::default(),
            files: Vec::new(),
            swap: Swap::new(config.swap, config.seed.rotate_left(32)),
            forgotten: Pte::NONE,
            walked: None,
            tlbs: vec![Tlb::default(); usize::from(config.cpus)],
            cpu: CpuId(0),
            cost: Cost::default(),
            io: FaultIo::default(),
            held: Vec::new(),
            touched: Touched::default(),
            last_change: None,
            trail: None,
            asids: 0,
            anon_vmas: 0,
            evictions: 0,
            now: 0,
            policy: None,
            naive,
            identity: Identity::default(),
        }
    }

    /// Pages that a read fault maps (`fault-around=`, rule R8).
    pub fn fault_around(&self) -> u16 {
        self.config.fault_around
    }

    /// How many events of the trace came before the current one. The machine has no
    /// clock; this is what is nearest to one.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// A process's memory, to look at.
    ///
    /// # Panics
    ///
    /// If there is no such process; a fault's process always exists.
    #[inline]
    pub fn mm(&self, pid: Pid) -> Mm<'_> {
        Mm {
            kernel: self,
            process: &self.processes[&pid],
        }
    }

    /// The VMA that covers a page.
    ///
    /// # Panics
    ///
    /// With a [`KernelBug`] if there is none: the page was not classified.
    #[track_caller]
    pub fn vma(&self, page: Page) -> Vma {
        // No closure here: it would hide the caller's line.
        match self.processes[&page.pid].vmas.find(page.vpn) {
            Some(vma) => *vma,
            None => self.bug(format!("no VMA covers {}", page.vpn.start())),
        }
    }

    /// What the page table knows of a page.
    pub fn entry(&self, page: Page) -> Entry {
        self.entry_of(self.pte(page))
    }

    /// Where a page of a file or of shared memory is.
    pub fn residence(&self, page: ObjectPage) -> Residence {
        self.objects.residence(page)
    }

    /// Whether there is such a process, and it is alive.
    pub fn is_alive(&self, pid: Pid) -> bool {
        self.processes.contains_key(&pid)
    }

    /// The processes that are alive.
    pub fn pids(&self) -> impl Iterator<Item = Pid> {
        self.processes.iter().map(|(pid, _)| pid)
    }

    /// What the kernel knows of a frame.
    pub fn frame(&self, pfn: Pfn) -> FrameInfo {
        let frame = self.frames.get(pfn);
        FrameInfo {
            usage: frame.usage,
            mappings: frame.mappers.len(),
            references: frame.count,
        }
    }

    /// The pages that map a frame, in all processes: the reverse map
    /// (`rmap_walk` in Linux mm/rmap.c).
    pub fn mappers(&self, pfn: Pfn) -> Vec<Page> {
        self.frames.get(pfn).mappers.to_vec()
    }

    /// The page that maps a frame, and has for the longest time: the first of its
    /// [`mappers`](Kernel::mappers).
    pub fn first_mapper(&self, pfn: Pfn) -> Option<Page> {
        self.frames.get(pfn).mappers.first()
    }

    /// Whether a page of a file has writes that the disk does not have, by the
    /// kernel's note or by the D bit of a page table.
    pub fn is_dirty(&self, pfn: Pfn) -> bool {
        let noted = match self.frames.get(pfn).usage {
            Usage::Object(page) => self.objects.is_dirty(page),
            _ => false,
        };
        noted
            || self
                .frames
                .get(pfn)
                .mappers
                .iter()
                .any(|page| self.pte(page).dirty())
    }

    /// Whether a page belongs to a file; if not, to memory that processes share.
    pub fn is_file(&self, page: ObjectPage) -> bool {
        matches!(self.objects.kind(page.object), ObjectKind::File { .. })
    }

    /// Reads a page of a file into the page cache, unless it is there or does not
    /// exist. Memory pressure makes it give up.
    pub(crate) fn load_page(&mut self, page: ObjectPage) {
        if self.objects.residence(page) == Residence::OnDisk {
            let io = self.io;
            if let Ok(frame) = self.alloc() {
                self.read_file(page, &frame);
                self.insert_cache(page, &frame);
                self.put(frame);
            }
            self.io = io;
        }
    }

    /// The machine that the trace asked for.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The page of a file or of shared memory that a frame caches, and whether the kernel
    /// has noted that it is newer than the disk's; none if the page cache does not have
    /// the frame.
    pub fn cached_page(&self, pfn: Pfn) -> Option<(ObjectPage, bool)> {
        let Usage::Object(page) = self.frames.get(pfn).usage else {
            return None;
        };
        let cached = self.objects.get(page.object).pages.get(&page.index);
        match cached {
            Some(&Cached::InMemory { pfn: held, dirty }) if held == pfn => Some((page, dirty)),
            _ => None,
        }
    }

    /// How many page-table entries, pages of shared memory and handlers refer to a swap
    /// slot; none if it is free.
    pub fn slot_references(&self, slot: SwapSlot) -> Option<u32> {
        let references = self.swap.references(slot);
        (references > 0).then_some(references)
    }

    /// The entry that a CPU remembers for a page of an address space.
    pub fn remembered(&self, cpu: CpuId, asid: Asid, vpn: Vpn) -> Option<Pte> {
        self.tlbs.get(usize::from(cpu.0))?.look_up(asid, vpn)
    }

    /// The object that holds a file's pages.
    pub(crate) fn file_object(&self, file: FileId) -> ObjectId {
        self.files[file.0 as usize]
    }

    #[inline]
    pub(crate) fn pte(&self, page: Page) -> Pte {
        self.tables.entry(self.running(page.pid).root, page.vpn)
    }

    /// What a CPU knows of a process that is alive.
    #[inline]
    pub(crate) fn running(&self, pid: Pid) -> Running {
        let running = self.processes.running(pid);
        running.expect("callers check that the process exists")
    }

    /// What a CPU needs for an access that its TLB lets through: the kernel has no part in
    /// it.
    #[inline(always)]
    pub(crate) fn hardware(&mut self, cpu: CpuId) -> (&Tlb, &mut Frames) {
        (&self.tlbs[usize::from(cpu.0)], &mut self.frames)
    }

    #[inline]
    pub(crate) fn process(&mut self, pid: Pid) -> &mut Process {
        let process = self.processes.get_mut(&pid);
        process.expect("callers check that the process exists")
    }

    #[inline]
    pub(crate) fn entry_of(&self, pte: Pte) -> Entry {
        if let Some(slot) = pte.swap_slot() {
            return Entry::Swapped(slot);
        }
        let Some(pfn) = pte.frame() else {
            return Entry::None;
        };
        let writable = pte.writable();
        match self.frames.get(pfn).usage {
            Usage::Zero => Entry::Zero,
            Usage::Object(_) => Entry::Object { pfn, writable },
            Usage::Anon { .. } | Usage::Free => Entry::Anon { pfn, writable },
        }
    }

    /// Takes note of what a service did, for those who watch a fault step by step.
    #[inline]
    #[track_caller]
    pub(crate) fn note(&mut self, what: impl FnOnce() -> String) {
        if self.trail.is_some() {
            self.write_down(what, Location::caller());
        }
    }

    #[cold]
    fn write_down(&mut self, what: impl FnOnce() -> String, caller: &'static Location<'static>) {
        if let Some(trail) = &mut self.trail {
            trail.service(what(), caller);
        }
    }

    /// Ends the run: a handler did what no kernel may do.
    #[track_caller]
    pub(crate) fn bug(&self, message: String) -> ! {
        std::panic::panic_any(KernelBug {
            message,
            location: Location::caller(),
        })
    }

    #[track_caller]
    #[inline]
    pub(crate) fn hold(&mut self, what: HeldKind) {
        self.held.push(Held {
            what,
            since: Location::caller(),
        });
    }

    #[inline]
    pub(crate) fn let_go(&mut self, what: HeldKind) {
        // Mostly what was taken last.
        if self.held.last().is_some_and(|held| held.what == what) {
            self.held.pop();
            return;
        }
        if let Some(at) = self.held.iter().rposition(|held| held.what == what) {
            self.held.swap_remove(at);
        }
    }

    #[inline]
    pub(crate) fn touch_frame(&mut self, pfn: Pfn) {
        if pfn != ZERO_PAGE {
            self.touched.frame(pfn);
        }
    }

    #[inline]
    pub(crate) fn touch_page(&mut self, page: Page) {
        self.touched.page(page);
    }
}
