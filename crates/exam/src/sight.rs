//! What the reference makes of a trace, event by event: its class, the holes that
//! it calls, and the situations that it meets.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use vmsim::addr::{CpuId, PAGE_SIZE, Pid, Vpn};
use vmsim::event::{Config, Event, Op, SigAction};
use vmsim::machine::Machine;
use vmsim::mm::{Entry, Mm, Page};
use vmsim::observe::{End, FrameName, Observation};

use crate::listener::{Holes, Listener};
use crate::situation::{Act, Around, Known, Left, PageBefore, Situation, Viewpoint, len};

/// Pages of a call that are looked at; the generator's calls are shorter.
const PAGES_MAX: u64 = 64;

/// What an event led to.
#[derive(Clone, Debug)]
pub struct Glimpse {
    /// The class of an access.
    pub class: Option<String>,
    /// Whether the access was refused: a signal, or an error in its place.
    pub refused: bool,
    /// Whether a process died of it that did not want to,
    pub fatal: bool,
    /// for want of memory.
    pub oom: bool,
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
    since: [Option<Act>; 2],
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
        let handlers = event
            .op
            .pid()
            .map_or((false, false), |pid| self.handlers(pid));
        self.listener.0.set(Holes::default());
        let seen = self.machine.step(event);
        let called = self.listener.0.get();
        let holes = called.and(self.of);
        let mut situations = self.looks(event, &seen);
        if !holes.is_empty() {
            situations.extend(self.situations(event, &seen, (holes, handlers), &before));
        }
        self.remember(event, &seen, holes, &before);
        let failed = !acts || matches!(seen.end, End::Failed(_)) && !seen.is_access;
        Glimpse {
            class: seen.is_access.then(|| seen.class()),
            refused: seen.is_access && matches!(seen.end, End::Signalled(..) | End::Failed(_)),
            fatal: acts && !self.is_alive(event) && !matches!(event.op, Op::Exit { .. }),
            oom: seen.end == End::OutOfMemory,
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
        (holes, handlers): (Holes, (bool, bool)),
        before: &[Before],
    ) -> Vec<Situation> {
        let act = Act::of(&event.op);
        let about = before
            .iter()
            .filter(|before| !before.aside || self.changed(before));
        let called = about.clone().map(|before| Situation::Called {
            holes,
            act,
            page: before.was,
            around: before.around,
            aside: before.aside,
        });
        let signal = match seen.end {
            End::Signalled(signal, _) => Some((signal.code, handlers)),
            _ => None,
        };
        let kind = |before: Option<&Before>| Situation::Kind {
            holes,
            act,
            faults: [seen.faults.first().copied(), seen.faults.last().copied()],
            signal,
            oom: seen.end == End::OutOfMemory,
            vma: before
                .and_then(|before| before.was.vma.ok())
                .map(|vma| (vma.private, vma.backed, vma.stack)),
            entry: before.map_or(Known::Nothing, |before| before.was.entry.known()),
            elsewhere: before.is_some_and(|before| before.around.elsewhere),
        };
        // Some addresses are no page's.
        let nowhere = about.clone().next().is_none().then(|| kind(None));
        let kinds = about.map(|before| kind(Some(before)));
        called.chain(kinds).chain(nowhere).collect()
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
        let mm = self.machine.mm(page.pid);
        let mm = mm.expect("only pages of living processes are looked at");
        PageBefore::of(self.machine.kernel(), mm, page.vpn)
    }

    /// Whether a process has handlers for SIGSEGV and SIGBUS.
    fn handlers(&self, pid: Pid) -> (bool, bool) {
        let handles = |action| action == SigAction::Handler;
        let mm = self.machine.mm(pid);
        mm.map_or((false, false), |mm| {
            (handles(mm.on_segv()), handles(mm.on_bus()))
        })
    }

    /// Whether those who map a page's frame may do different things with it.
    fn is_mixed(&self, page: Page) -> bool {
        let entry = self.machine.mm(page.pid).map(|mm| mm.entry(page.vpn));
        let (Some(Entry::Anon { pfn, .. }) | Some(Entry::Object { pfn, .. })) = entry else {
            return false;
        };
        let mappers = self.machine.kernel().mappers(pfn).into_iter();
        let rights = mappers.filter_map(|mapper| {
            let vma = self.machine.mm(mapper.pid)?.vma(mapper.vpn.start())?;
            Some((vma.prot, vma.is_private()))
        });
        rights.collect::<HashSet<_>>().len() > 1
    }

    fn around(&self, event: &Event, page: Page, full: bool) -> Around {
        let used = self.cpus.get(&page).copied().unwrap_or(0);
        let offset = event.op.addr().map_or(0, |addr| addr.page_offset());
        Around {
            here: used & (1 << event.cpu.0) != 0,
            elsewhere: used & !(1 << event.cpu.0) != 0,
            full,
            inside: offset != 0,
            crossing: event.op.is_access() && offset + len(&event.op) > PAGE_SIZE,
            handlers: self.handlers(page.pid),
            mixed: self.is_mixed(page),
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
                since: mark.since,
                by: Act::of(&event.op),
                from: Viewpoint {
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
        self.note_change(event, before);
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
                act: Act::of(&event.op),
                left,
                since: [None; 2],
                pid,
                cpu: event.cpu,
            };
            self.last.insert(place, mark);
        }
    }

    /// What is done to marked pages makes another place of them, and fork gives the
    /// child its parent's marks.
    fn note_change(&mut self, event: &Event, before: &[Before]) {
        if event.op.is_access() {
            return;
        }
        let act = Act::of(&event.op);
        for before in before.iter().filter(|before| !before.aside) {
            let Some(mark) = self.last.get_mut(&Place::Page(before.page)) else {
                continue;
            };
            mark.since = [mark.since[1], Some(act)];
            let mark = *mark;
            if let Op::Fork { child, .. } = event.op {
                let of_child = Page {
                    pid: child,
                    ..before.page
                };
                self.last.insert(Place::Page(of_child), mark);
            }
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
