//! What the reference makes of a trace, event by event: its class, the holes that
//! it calls, and the situations that they are called in.
//!
//! Some mistakes nobody has thought of yet. A trace can be chosen for them all the same: a
//! wrong kernel is wrong in some situation, and somebody must look at what it left.
//! So a [`Situation`] is either one that a hole was called in, or a later look at
//! what a hole has left: by the same process or another one, on the same CPU or
//! another one. Many different situations are worth more than many faults.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use solution::Reference;
use vmsim::addr::{CpuId, PAGE_SIZE, Pid, Vpn};
use vmsim::cache::Residence;
use vmsim::event::{Advice, Config, Event, Growth, Op, Sharing, SigAction};
use vmsim::fault::{FaultClass, SignalCode};
use vmsim::frames::Usage;
use vmsim::handlers::{Handlers, Hole};
use vmsim::machine::Machine;
use vmsim::mm::{Entry, Mm, Page};
use vmsim::observe::{End, FrameName, Observation};
use vmsim::prot::Prot;
use vmsim::vma::{Backing, GUARD_GAP_PAGES, Vma};

/// Pages of a call that are looked at; the generator's calls are shorter.
const PAGES_MAX: u64 = 64;

/// Some of the holes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Holes(u32);

impl Holes {
    /// These.
    pub fn of(holes: impl IntoIterator<Item = Hole>) -> Self {
        Self(holes.into_iter().fold(0, |bits, hole| bits | bit(hole)))
    }

    /// Whether it is one of them.
    pub fn contains(self, hole: Hole) -> bool {
        self.0 & bit(hole) != 0
    }

    /// Those that are in both.
    pub fn and(self, other: Holes) -> Holes {
        Holes(self.0 & other.0)
    }

    /// Those that are in either.
    pub fn or(self, other: Holes) -> Holes {
        Holes(self.0 | other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

fn bit(hole: Hole) -> u32 {
    1 << hole as u32
}

/// What is worth being seen once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Situation {
    /// Holes are called by an event that is about such a page.
    Called {
        /// Which holes.
        holes: Holes,
        /// By what.
        act: Act,
        /// The page before.
        page: PageBefore,
        /// What the machine is short of, and who else knows the page.
        around: Around,
        /// The event is about another page, and this one changed with it.
        aside: bool,
    },
    /// The same in a few words: how an access ended, and what was there before. What
    /// differs here differs in kind.
    Kind {
        /// Which holes.
        holes: Holes,
        /// What they were called by.
        act: Act,
        /// The first and the last fault that was repaired.
        faults: [Option<FaultClass>; 2],
        /// The signal in the end.
        signal: Option<SignalCode>,
        /// Whether the page is private, backed by an object, or of a stack.
        vma: Option<(bool, bool, bool)>,
        /// What the page table knew.
        entry: Known,
        /// Another CPU has used the page for the process.
        elsewhere: bool,
    },
    /// Somebody looks at what holes have left.
    Seen {
        /// Which holes.
        holes: Holes,
        /// What called them.
        act: Act,
        /// What they did to the page: it is in memory, in a slot, or gone.
        left: Left,
        /// What looks.
        by: Act,
        /// From where.
        from: From,
    },
}

/// What an event does, without its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the words of the trace language")]
pub enum Act {
    Read,
    Write,
    Exec,
    CopyIn,
    CopyOut,
    Mmap { populate: bool },
    Munmap,
    Mprotect { write: bool, none: bool },
    DontNeed,
    PageOut,
    Populate { write: bool },
    Brk,
    Fork,
    Exit,
    Msync,
    Other,
}

/// A page as it was before the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the words of the simulator")]
pub struct PageBefore {
    pub vma: Result<VmaKind, Uncovered>,
    pub entry: EntryKind,
    pub dirty: bool,
}

/// What is around a page that no VMA covers: stacks may grow there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uncovered {
    /// The next VMA above is a stack, and so far away, in pages, up to a few.
    stack_above: Option<u8>,
    /// How the stack's size would compare with its limit.
    limit: std::cmp::Ordering,
    /// The next VMA below: a stack, inaccessible, or an ordinary one.
    below: Option<(bool, bool)>,
    /// How the gap to it would compare with the one that must stay free.
    gap: std::cmp::Ordering,
}

/// What stands behind a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the words of the simulator")]
pub struct VmaKind {
    pub write: bool,
    pub exec: bool,
    pub none: bool,
    pub private: bool,
    pub backed: bool,
    pub stack: bool,
}

/// What is known of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the words of the simulator")]
pub enum EntryKind {
    Never,
    PastEnd,
    OnDisk,
    Missing,
    SwappedObject,
    Cached {
        dirty: bool,
        mapped: Some2,
    },
    Zero,
    Anon {
        writable: bool,
        exclusive: bool,
        cached: bool,
        owners: Some2,
    },
    Object {
        writable: bool,
        dirty: bool,
        mapped: Some2,
    },
    Swapped {
        cached: bool,
        users: Some2,
    },
}

/// What a page table knows of a page, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the words of the simulator")]
pub enum Known {
    Nothing,
    Zero,
    Own,
    Shared,
    Object,
    Slot,
}

/// None, one, two, or many: nobody counts further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Some2(u8);

impl EntryKind {
    fn known(self) -> Known {
        match self {
            EntryKind::Zero => Known::Zero,
            EntryKind::Anon {
                exclusive: true, ..
            } => Known::Own,
            EntryKind::Anon { .. } => Known::Shared,
            EntryKind::Object { .. } => Known::Object,
            EntryKind::Swapped { .. } => Known::Slot,
            _ => Known::Nothing,
        }
    }
}

impl Some2 {
    fn of(count: usize) -> Self {
        Self(count.min(3) as u8)
    }
}

/// What is around an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Around {
    /// This CPU has used the page for the process, and another one has.
    here: bool,
    elsewhere: bool,
    /// No frame is free.
    full: bool,
    /// The event does not start at the start of the page.
    inside: bool,
    /// It crosses into the next page.
    crossing: bool,
    /// The process has handlers for SIGSEGV and SIGBUS.
    handlers: (bool, bool),
}

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "words")]
pub enum Left {
    Mapped { writable: bool },
    Zero,
    Swapped,
    Gone,
}

/// Where somebody looks from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct From {
    /// By another process.
    other_process: bool,
    /// On another CPU.
    other_cpu: bool,
    /// By a fault.
    faults: bool,
}

/// What an event led to.
#[derive(Clone, Debug)]
pub struct Glimpse {
    /// The class of an access.
    pub class: Option<String>,
    /// Whether the access was refused: a signal, or an error in its place.
    pub refused: bool,
    /// Whether a process died of it that did not want to.
    pub fatal: bool,
    /// Whether a call failed, or somebody acted who is not there.
    pub failed: bool,
    /// The holes that were called.
    pub called: Holes,
    /// The situations.
    pub situations: Vec<Situation>,
}

/// The reference on its way through a trace.
#[derive(Clone)]
pub struct Sight {
    machine: Machine,
    listener: Rc<Listener>,
    config: Config,
    /// Situations are told of these holes only.
    of: Holes,
    /// What holes did last to a page, by page and by frame.
    last: BTreeMap<Place, Mark>,
    /// CPUs that used a page.
    cpus: BTreeMap<Page, u8>,
    /// All pages that are anywhere, as they are now.
    pages: Rc<Vec<(Page, PageBefore)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Page(Page),
    Frame(u32),
}

/// What was done to a page, and by whom.
#[derive(Clone, Copy, Debug)]
struct Mark {
    holes: Holes,
    act: Act,
    left: Left,
    pid: Pid,
    cpu: CpuId,
}

/// A page as it was before an event.
struct Before {
    page: Page,
    was: PageBefore,
    around: Around,
    /// The event is about another page.
    aside: bool,
}

impl Situation {
    /// How much it is worth to meet it: what differs in kind more than what differs in
    /// detail.
    pub fn worth(&self) -> usize {
        match self {
            Situation::Kind { .. } => 10,
            Situation::Called { .. } | Situation::Seen { .. } => 2,
        }
    }
}

impl Sight {
    /// A machine on which nothing has happened yet.
    pub fn new(config: Config, of: Holes) -> Self {
        let listener = Rc::new(Listener::default());
        Self {
            machine: Machine::new(config, listener.clone()),
            listener,
            config,
            of,
            last: BTreeMap::new(),
            cpus: BTreeMap::new(),
            pages: Rc::default(),
        }
    }

    /// The memory of a process that is alive.
    pub fn mm(&self, pid: Pid) -> Option<Mm<'_>> {
        self.machine.mm(pid)
    }

    /// The processes that are alive.
    pub fn alive(&self) -> Vec<Pid> {
        self.machine.processes().map(|(pid, _)| pid).collect()
    }

    /// Lets an event happen.
    pub fn step(&mut self, event: &Event) -> Glimpse {
        let before = self.before(event);
        let acts = self.is_alive(event);
        self.listener.0.set(Holes::default());
        let seen = self.machine.step(event);
        let called = self.listener.0.get();
        let holes = called.and(self.of);
        let mut situations = self.looks(event, &seen);
        if !holes.is_empty() {
            situations.extend(self.situations(event, &seen, holes, &before));
        }
        self.remember(event, &seen, holes, &before);
        let failed = !acts || matches!(seen.end, End::Failed(_)) && !seen.is_access;
        Glimpse {
            class: seen.is_access.then(|| seen.class()),
            refused: seen.is_access && matches!(seen.end, End::Signalled(..) | End::Failed(_)),
            fatal: acts && !self.is_alive(event) && !matches!(event.op, Op::Exit { .. }),
            failed,
            called,
            situations,
        }
    }

    /// Whether whoever acts is there.
    fn is_alive(&self, event: &Event) -> bool {
        let pid = event.op.pid();
        pid.is_none_or(|pid| self.machine.mm(pid).is_some())
    }

    /// The pages that an event is about, then all others that are anywhere.
    fn before(&self, event: &Event) -> Vec<Before> {
        let full = self.machine.in_use().0 >= self.config.frames;
        let about = self.pages(&event.op);
        let others = self.pages.iter().filter(|(page, _)| !about.contains(page));
        let others = others.map(|&(page, before)| (page, before, true));
        let about = about
            .iter()
            .map(|&page| (page, self.page_before(page), false));
        let all = about.chain(others);
        all.map(|(page, was, aside)| Before {
            page,
            was,
            around: self.around(event, page, full),
            aside,
        })
        .collect()
    }

    /// The situations in which holes were called, now that it is known what changed.
    fn situations(
        &self,
        event: &Event,
        seen: &Observation,
        holes: Holes,
        before: &[Before],
    ) -> Vec<Situation> {
        let act = act(&event.op);
        let about = before
            .iter()
            .filter(|before| !before.aside || self.changed(before));
        let called = about.map(|before| Situation::Called {
            holes,
            act,
            page: before.was,
            around: before.around,
            aside: before.aside,
        });
        let signal = match seen.end {
            End::Signalled(signal, _) => Some(signal.code),
            _ => None,
        };
        let first = before.first().filter(|before| !before.aside);
        let kind = first.map(|before| Situation::Kind {
            holes,
            act,
            faults: [seen.faults.first().copied(), seen.faults.last().copied()],
            signal,
            vma: before
                .was
                .vma
                .ok()
                .map(|vma| (vma.private, vma.backed, vma.stack)),
            entry: before.was.entry.known(),
            elsewhere: before.around.elsewhere,
        });
        called.chain(kind).collect()
    }

    fn changed(&self, before: &Before) -> bool {
        let alive = self.machine.mm(before.page.pid).is_some();
        alive && self.page_before(before.page).entry.known() != before.was.entry.known()
    }

    /// The pages that an event is about.
    fn pages(&self, op: &Op) -> Vec<Page> {
        let Some(pid) = op.pid() else {
            return Vec::new();
        };
        let Some(mm) = self.machine.mm(pid) else {
            return Vec::new();
        };
        match (op, op.addr()) {
            (Op::Fork { .. } | Op::Exit { .. }, _) => touched(mm, pid),
            (_, Some(addr)) if addr.is_user() => {
                let pages = len(op).div_ceil(PAGE_SIZE).clamp(1, PAGES_MAX);
                let first = addr.page().0;
                (first..first + pages)
                    .map(|vpn| Page { pid, vpn: Vpn(vpn) })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    fn page_before(&self, page: Page) -> PageBefore {
        let Some(mm) = self.machine.mm(page.pid) else {
            unreachable!("only pages of living processes are looked at");
        };
        let vma = mm.vma(page.vpn.start());
        PageBefore {
            vma: vma.map(vma_kind).ok_or_else(|| uncovered(mm, page.vpn)),
            entry: self.entry_kind(mm, vma, page.vpn),
            dirty: mm.pte(page.vpn).dirty(),
        }
    }

    fn entry_kind(&self, mm: Mm<'_>, vma: Option<&Vma>, vpn: Vpn) -> EntryKind {
        let kernel = self.machine.kernel();
        match mm.entry(vpn) {
            Entry::None => match vma.and_then(|vma| vma.object_page(vpn)) {
                None => EntryKind::Never,
                Some(page) => match mm.residence(page) {
                    Residence::PastEnd => EntryKind::PastEnd,
                    Residence::OnDisk => EntryKind::OnDisk,
                    Residence::Missing => EntryKind::Missing,
                    Residence::Swapped(_) => EntryKind::SwappedObject,
                    Residence::Cached(pfn) => EntryKind::Cached {
                        dirty: kernel.is_dirty(pfn),
                        mapped: Some2::of(mm.frame(pfn).mappings),
                    },
                },
            },
            Entry::Zero => EntryKind::Zero,
            Entry::Anon { pfn, writable } => {
                let frame = mm.frame(pfn);
                let (exclusive, cached) = match frame.usage {
                    Usage::Anon {
                        exclusive,
                        swap_cache,
                    } => (exclusive, swap_cache.is_some()),
                    _ => (false, false),
                };
                EntryKind::Anon {
                    writable,
                    exclusive,
                    cached,
                    owners: Some2::of(frame.mappings),
                }
            }
            Entry::Object { pfn, writable } => EntryKind::Object {
                writable,
                dirty: kernel.is_dirty(pfn),
                mapped: Some2::of(mm.frame(pfn).mappings),
            },
            Entry::Swapped(slot) => EntryKind::Swapped {
                cached: mm.swap_cached(slot).is_some(),
                users: Some2::of(mm.slot_users(slot) as usize),
            },
        }
    }

    fn around(&self, event: &Event, page: Page, full: bool) -> Around {
        let used = self.cpus.get(&page).copied().unwrap_or(0);
        let offset = event.op.addr().map_or(0, |addr| addr.page_offset());
        let handles = |action| action == SigAction::Handler;
        let mm = self.machine.mm(page.pid);
        let handlers = mm.map_or((false, false), |mm| {
            (handles(mm.on_segv()), handles(mm.on_bus()))
        });
        Around {
            here: used & (1 << event.cpu.0) != 0,
            elsewhere: used & !(1 << event.cpu.0) != 0,
            full,
            inside: offset != 0,
            crossing: event.op.is_access() && offset + len(&event.op) > PAGE_SIZE,
            handlers,
        }
    }

    /// Whether the event looks at what holes have left.
    fn looks(&self, event: &Event, seen: &Observation) -> Vec<Situation> {
        let places = self.places(event, seen);
        let marks = places.into_iter().filter_map(|place| self.last.get(&place));
        marks
            .map(|mark| Situation::Seen {
                holes: mark.holes,
                act: mark.act,
                left: mark.left,
                by: act(&event.op),
                from: From {
                    other_process: event.op.pid() != Some(mark.pid),
                    other_cpu: event.cpu != mark.cpu,
                    faults: !seen.faults.is_empty(),
                },
            })
            .collect()
    }

    /// The page of an access, and the frame that it led to.
    fn places(&self, event: &Event, seen: &Observation) -> Vec<Place> {
        let (Some(pid), Some(addr), true) = (event.op.pid(), event.op.addr(), seen.is_access)
        else {
            return Vec::new();
        };
        let vpn = addr.page();
        let mut places = vec![Place::Page(Page { pid, vpn })];
        if let Some(FrameName::Numbered(frame)) = seen.page.map(|page| page.frame) {
            places.push(Place::Frame(frame));
        }
        places
    }

    fn remember(&mut self, event: &Event, seen: &Observation, holes: Holes, before: &[Before]) {
        if event.op.is_access() {
            for before in before.iter().filter(|before| !before.aside) {
                *self.cpus.entry(before.page).or_default() |= 1 << event.cpu.0;
            }
        }
        self.pages = Rc::new(self.everywhere());
        let Some(pid) = event.op.pid().filter(|_| !holes.is_empty()) else {
            return;
        };
        let frame = self.places(event, seen);
        let frame = frame
            .into_iter()
            .filter(|place| matches!(place, Place::Frame(_)));
        let pages = before
            .iter()
            .filter(|before| !before.aside || self.changed(before));
        let pages = pages.map(|before| Place::Page(before.page));
        for place in pages.chain(frame).collect::<Vec<_>>() {
            let left = match place {
                Place::Page(page) => self.left(page),
                Place::Frame(_) => Left::Mapped { writable: false },
            };
            let mark = Mark {
                holes,
                act: act(&event.op),
                left,
                pid,
                cpu: event.cpu,
            };
            self.last.insert(place, mark);
        }
    }

    /// All pages that are anywhere.
    fn everywhere(&self) -> Vec<(Page, PageBefore)> {
        let alive = self.machine.processes().map(|(pid, _)| pid);
        let mms = alive.filter_map(|pid| self.machine.mm(pid).map(|mm| (pid, mm)));
        let pages = mms.flat_map(|(pid, mm)| touched(mm, pid));
        pages.map(|page| (page, self.page_before(page))).collect()
    }

    fn left(&self, page: Page) -> Left {
        let Some(mm) = self.machine.mm(page.pid) else {
            return Left::Gone;
        };
        match mm.entry(page.vpn) {
            Entry::None => Left::Gone,
            Entry::Zero => Left::Zero,
            Entry::Swapped(_) => Left::Swapped,
            Entry::Anon { writable, .. } | Entry::Object { writable, .. } => {
                Left::Mapped { writable }
            }
        }
    }
}

/// The pages of a process that are anywhere.
fn touched(mm: Mm<'_>, pid: Pid) -> Vec<Page> {
    let pages = mm.vmas().iter().flat_map(|vma| vma.start.0..vma.end.0);
    pages
        .map(Vpn)
        .filter(|&vpn| mm.entry(vpn) != Entry::None)
        .take(PAGES_MAX as usize)
        .map(|vpn| Page { pid, vpn })
        .collect()
}

fn uncovered(mm: Mm<'_>, vpn: Vpn) -> Uncovered {
    let above = mm.vmas().at_or_above(vpn);
    let stack = above.filter(|vma| vma.growth == Growth::Down);
    let below = mm.vmas().below(vpn);
    Uncovered {
        stack_above: stack.map(|stack| (stack.start.0 - vpn.0).min(4) as u8),
        limit: stack
            .map_or(0, |stack| (stack.end.0 - vpn.0) * PAGE_SIZE)
            .cmp(&mm.stack_limit()),
        below: below.map(|vma| (vma.growth == Growth::Down, vma.prot.is_none())),
        gap: below
            .map_or(GUARD_GAP_PAGES, |vma| vpn.0 - vma.end.0)
            .cmp(&GUARD_GAP_PAGES),
    }
}

fn vma_kind(vma: &Vma) -> VmaKind {
    VmaKind {
        write: vma.prot.write(),
        exec: vma.prot.exec(),
        none: vma.prot.is_none(),
        private: vma.sharing == Sharing::Private,
        backed: vma.backing != Backing::Anonymous,
        stack: vma.growth == Growth::Down,
    }
}

/// The bytes that an event is about.
fn len(op: &Op) -> u64 {
    match *op {
        Op::Mmap { len, .. }
        | Op::Munmap { len, .. }
        | Op::Mprotect { len, .. }
        | Op::Madvise { len, .. }
        | Op::Msync { len, .. } => len,
        Op::Read { size, .. }
        | Op::Write { size, .. }
        | Op::CopyIn { size, .. }
        | Op::CopyOut { size, .. } => u64::from(size),
        _ => 1,
    }
}

fn act(op: &Op) -> Act {
    match op {
        Op::Read { .. } => Act::Read,
        Op::Write { .. } => Act::Write,
        Op::Exec { .. } => Act::Exec,
        Op::CopyIn { .. } => Act::CopyIn,
        Op::CopyOut { .. } => Act::CopyOut,
        Op::Mmap { map, .. } => Act::Mmap {
            populate: map.populate == vmsim::event::Populate::Now,
        },
        Op::Munmap { .. } => Act::Munmap,
        Op::Mprotect { prot, .. } => Act::Mprotect {
            write: prot.write(),
            none: *prot == Prot::NONE,
        },
        Op::Madvise { advice, .. } => match advice {
            Advice::DontNeed => Act::DontNeed,
            Advice::PageOut => Act::PageOut,
            Advice::PopulateRead => Act::Populate { write: false },
            Advice::PopulateWrite => Act::Populate { write: true },
            Advice::WillNeed => Act::Other,
        },
        Op::Brk { .. } => Act::Brk,
        Op::Fork { .. } => Act::Fork,
        Op::Exit { .. } => Act::Exit,
        Op::Msync { .. } => Act::Msync,
        Op::File { .. } | Op::Load { .. } | Op::Drop { .. } | Op::Sigaction { .. } => Act::Other,
    }
}

/// The reference, which notes the holes that are called.
#[derive(Debug, Default)]
struct Listener(Cell<Holes>);

macro_rules! listen {
    ($(
        $(#[$doc:meta])*
        $variant:ident, $lab:literal, $module:ident:
        $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;
    )*) => {
        impl Handlers for Listener {
            $( fn $name(&self, $($arg: $ty),*) -> $ret {
                self.0.set(self.0.get().or(Holes::of([Hole::$variant])));
                Reference.$name($($arg),*)
            } )*
        }
    };
}

vmsim::for_each_hole!(listen);
