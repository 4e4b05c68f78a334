//! What a trace will need, and when.
//!
//! A page has no number that lasts: its frame changes whenever it was evicted, fork
//! gives it further addresses, and a write may turn it into two. So the trace is run
//! on a second machine first, one with memory enough, on which nothing is ever
//! evicted. There a frame *is* a page, from its first use to its end, and what each
//! access needs can be written down. Then that machine is run again beside the small
//! one, always up to the same event, and tells which page is in which frame there.

use std::collections::{BTreeSet, HashMap};
use std::io::Cursor;
use std::rc::Rc;

use vmsim::addr::{PAGE_SIZE, Pfn, Pid, VirtAddr, Vpn};
use vmsim::cache::{ObjectPage, Residence};
use vmsim::event::{Config, Event, Op};
use vmsim::frames::Usage;
use vmsim::handlers::Handlers;
use vmsim::kernel::Kernel;
use vmsim::machine::Machine;
use vmsim::mm::{Entry, Mm, Page};
use vmsim::observe::End;
use vmtrace::binary::decode::Decoder;
use vmtrace::binary::encode::Encoder;
use vmtrace::limits::CPUS_MAX;

use crate::uses::{PageNumber, Uses};

/// Frames of the machine that has enough: 4 GiB.
const ENOUGH: u32 = 1 << 20;

/// A page, wherever it is: a frame of the large machine, in one of its uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Identity {
    pfn: Pfn,
    came_in: u64,
}

/// When each page of a trace is needed.
pub struct Foresight {
    large: Machine,
    /// The events that the large machine has before it. In the binary form, because
    /// all of them at once would take more memory than everything else.
    trace: Decoder<Cursor<Vec<u8>>>,
    /// Events that it has behind it.
    done: u64,
    uses: Uses,
    /// Where the uses of the next event stand.
    place: usize,
    numbers: HashMap<Identity, PageNumber>,
    /// For each page, the next event that needs it, of those that are not done.
    next: Vec<u32>,
    /// For each page, how many events there were up to the last that needed it.
    last: Vec<u32>,
}

/// What the large machine has seen on its way to the current event.
pub struct News {
    /// Pages that were needed, those of the current event included.
    pub used: BTreeSet<PageNumber>,
    /// What may be in another frame than before.
    pub moved: Moved,
}

/// Which pages of processes may be in other frames of the large machine than before.
pub enum Moved {
    /// Those whose faults it repaired.
    Pages(BTreeSet<Page>),
    /// All: anything but accesses happened.
    All,
}

impl Foresight {
    /// Runs the trace on a machine with memory enough. `config` is the machine that
    /// is too small; the handlers are those that it has.
    ///
    /// # Panics
    ///
    /// With whatever the handlers panic with, and if no trace can have these events.
    pub fn new(
        config: Config,
        events: impl IntoIterator<Item = Event>,
        handlers: Rc<dyn Handlers>,
    ) -> Self {
        let config = Config {
            frames: config.frames.max(ENOUGH),
            ..config
        };
        let mut machine = Machine::new(config, Rc::clone(&handlers));
        let (mut uses, mut numbers) = (Uses::default(), HashMap::new());
        let mut encoder = encoder();
        for event in events {
            let needed = needed(&mut machine, &event).into_iter().map(|identity| {
                let next = PageNumber(numbers.len() as u32);
                *numbers.entry(identity).or_insert(next)
            });
            uses.push(&needed.collect::<Vec<_>>());
            encoder.write(&event).expect("a trace has these events");
        }
        let trace = Cursor::new(encoder.finish().expect("memory can be written"));
        Self {
            large: Machine::new(config, handlers),
            trace: Decoder::new(trace).expect("it was written a moment ago"),
            done: 0,
            place: 0,
            numbers,
            last: vec![0; uses.first().len()],
            next: uses.first(),
            uses,
        }
    }

    /// Lets the large machine do what the small one has done so far.
    pub fn catch_up(&mut self, k: &Kernel) -> News {
        let mut news = News {
            used: BTreeSet::new(),
            moved: Moved::Pages(BTreeSet::new()),
        };
        while self.done < k.now() {
            self.step(&mut news);
        }
        for place in self.uses.of(self.done, self.place) {
            let page = self.uses.at(place).page;
            self.last[page.0 as usize] = self.done as u32 + 1;
            news.used.insert(page);
        }
        news
    }

    /// Lets the large machine do one event.
    fn step(&mut self, news: &mut News) {
        let places = self.uses.of(self.done, self.place);
        self.place = places.end;
        self.done += 1;
        for place in places {
            let of = self.uses.at(place);
            self.next[of.page.0 as usize] = of.next;
            self.last[of.page.0 as usize] = self.done as u32;
            news.used.insert(of.page);
        }
        // The small machine cannot have done more than the trace has.
        let Some(Ok(line)) = self.trace.next() else {
            return;
        };
        let seen = self.large.step(&line.event);
        match (accessed(&line.event.op), &mut news.moved) {
            (Some((pid, vpns)), Moved::Pages(pages)) if seen.end == End::Done => {
                let faulted = vpns.filter(|_| !seen.faults.is_empty());
                pages.extend(faulted.map(|vpn| Page { pid, vpn }));
            }
            // A signal may have ended a process.
            (_, moved) => *moved = Moved::All,
        }
    }

    /// The next event that needs the page, the current one included;
    /// [`NEVER`](crate::uses::NEVER) if there is none.
    pub fn next_use(&self, page: PageNumber) -> u32 {
        self.next[page.0 as usize]
    }

    /// How many events there were up to the last that needed the page, the current one
    /// included.
    pub fn last_use(&self, page: PageNumber) -> u32 {
        self.last[page.0 as usize]
    }

    /// The page in a frame of the small machine; none if it is never needed.
    pub fn page_in(&self, k: &Kernel, pfn: Pfn) -> Option<PageNumber> {
        let frame = self.in_large(k, pfn)?;
        let identity = identity(self.large.kernel(), frame);
        self.numbers.get(&identity).copied()
    }

    /// The frame of the large machine that holds the page of a frame of the small
    /// one; none if nobody can come back to it.
    fn in_large(&self, k: &Kernel, pfn: Pfn) -> Option<Pfn> {
        if let Usage::Object(page) = k.frame(pfn).usage {
            return cached(self.large.kernel(), page);
        }
        let of_mapper = |page: Page| in_memory(&self.large.mm(page.pid)?, page.vpn);
        let mut mappers = k.mappers(pfn).into_iter();
        mappers
            .find_map(of_mapper)
            .or_else(|| self.noted_only(k, pfn))
    }

    /// The same for a frame of the swap cache that nobody maps: whoever notes its slot
    /// will.
    fn noted_only(&self, k: &Kernel, pfn: Pfn) -> Option<Pfn> {
        let Usage::Anon { swap_cache, .. } = k.frame(pfn).usage else {
            return None;
        };
        let noted = Entry::Swapped(swap_cache?);
        let pages = k.pids().flat_map(|pid| {
            let vmas = k.mm(pid).vmas().iter();
            let vpns = vmas.flat_map(|vma| vma.start.0..vma.end.0).map(Vpn);
            vpns.map(move |vpn| Page { pid, vpn })
        });
        let mut notes = pages.filter(|&page| k.entry(page) == noted);
        notes.find_map(|page| in_memory(&self.large.mm(page.pid)?, page.vpn))
    }
}

/// Writes a trace for any machine.
fn encoder() -> Encoder<Vec<u8>> {
    let config = Config {
        cpus: CPUS_MAX,
        ..Config::default()
    };
    Encoder::new(Vec::new(), &config).expect("memory can be written")
}

/// Lets an event happen on the large machine, and tells the pages that it needed.
fn needed(machine: &mut Machine, event: &Event) -> Vec<Identity> {
    let Some((pid, pages)) = accessed(&event.op) else {
        let _seen = machine.step(event);
        return Vec::new();
    };
    let look = |machine: &Machine, found: &mut Vec<Identity>| {
        let mm = machine.mm(pid);
        let frames = pages.clone().filter_map(|vpn| in_memory(mm.as_ref()?, vpn));
        found.extend(frames.map(|pfn| identity(machine.kernel(), pfn)));
    };
    let mut needed = Vec::with_capacity(2);
    look(machine, &mut needed);
    if machine.step(event).faults.is_empty() {
        return needed;
    }
    // What a repair copied from is needed as well as what it made: so look twice.
    look(machine, &mut needed);
    if let Some(mm) = machine.mm(pid) {
        let copied_from = pages.filter_map(|vpn| object_frame(&mm, vpn));
        needed.extend(copied_from.map(|pfn| identity(machine.kernel(), pfn)));
    }
    needed
}

/// The process and the pages of an access.
fn accessed(op: &Op) -> Option<(Pid, impl Iterator<Item = Vpn> + Clone + use<>)> {
    let size = match *op {
        Op::Exec { .. } => 1,
        Op::Read { size, .. }
        | Op::Write { size, .. }
        | Op::CopyIn { size, .. }
        | Op::CopyOut { size, .. } => size,
        _ => return None,
    };
    let (first, pid) = (op.addr().filter(|addr| addr.is_user())?, op.pid()?);
    let last = VirtAddr(first.0.checked_add(u64::from(size.max(1)) - 1)?);
    let pages = (first.0 / PAGE_SIZE..=last.0 / PAGE_SIZE).map(Vpn);
    Some((pid, pages))
}

fn identity(k: &Kernel, pfn: Pfn) -> Identity {
    Identity {
        pfn,
        came_in: k.came_in(pfn),
    }
}

/// The frame in which an access to a page would find it.
fn in_memory(mm: &Mm<'_>, vpn: Vpn) -> Option<Pfn> {
    match mm.entry(vpn) {
        Entry::Anon { pfn, .. } | Entry::Object { pfn, .. } => Some(pfn),
        Entry::Swapped(slot) => mm.swap_cached(slot),
        Entry::None => object_frame(mm, vpn),
        Entry::Zero => None,
    }
}

/// The frame of the page cache behind a page of a mapping.
fn object_frame(mm: &Mm<'_>, vpn: Vpn) -> Option<Pfn> {
    let page = mm.vma(vpn.start())?.object_page(vpn)?;
    resident(mm.residence(page))
}

fn resident(residence: Residence) -> Option<Pfn> {
    match residence {
        Residence::Cached(pfn) => Some(pfn),
        _ => None,
    }
}

fn cached(k: &Kernel, page: ObjectPage) -> Option<Pfn> {
    resident(k.residence(page))
}
