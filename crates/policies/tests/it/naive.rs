//! The policies as one would write them first: they look at all frames for each victim.
//! Slow, and easy to believe; the others must choose as they do.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::rc::Rc;

use policies::Textbook;
use solution::Reference;
use vmsim::addr::{PAGE_SIZE, Pfn, Pid, VirtAddr, Vpn};
use vmsim::cache::{ObjectPage, Residence};
use vmsim::event::{Config, Event, Op};
use vmsim::frames::Usage;
use vmsim::handlers::Handlers;
use vmsim::kernel::Kernel;
use vmsim::machine::Machine;
use vmsim::mm::{Entry, Mm, Page};
use vmsim::replacement::Policy;

/// Frames of the machine that has enough: 4 GiB.
const ENOUGH: u32 = 1 << 20;

/// A page, wherever it is: a frame of the large machine, in one of its uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Identity {
    pfn: Pfn,
    came_in: u64,
}

/// When each page of a trace is needed.
struct Foresight {
    large: Machine,
    events: Vec<Event>,
    /// Events that the large machine has behind it.
    done: usize,
    /// The events that need a page, in order.
    uses: HashMap<Identity, Vec<u64>>,
}

impl Foresight {
    /// Runs the trace on a machine with memory enough. `config` is the machine that
    /// is too small; the handlers are those that it has.
    ///
    /// # Panics
    ///
    /// With whatever the handlers panic with.
    fn new(config: Config, events: &[Event], handlers: Rc<dyn Handlers>) -> Self {
        let config = Config {
            frames: config.frames.max(ENOUGH),
            ..config
        };
        let mut uses: HashMap<Identity, Vec<u64>> = HashMap::new();
        let mut machine = Machine::new(config, Rc::clone(&handlers));
        for (number, event) in (0..).zip(events) {
            for identity in needed(&mut machine, event) {
                let uses = uses.entry(identity).or_default();
                if uses.last() != Some(&number) {
                    uses.push(number);
                }
            }
        }
        Self {
            large: Machine::new(config, handlers),
            events: events.to_vec(),
            done: 0,
            uses,
        }
    }

    /// Lets the large machine do what the small one has done so far.
    fn catch_up(&mut self, k: &Kernel) {
        while (self.done as u64) < k.now() {
            let _seen = self.large.step(&self.events[self.done]);
            self.done += 1;
        }
    }

    /// The next event that needs the page in this frame, the current one included.
    fn next_use(&self, k: &Kernel, pfn: Pfn) -> Option<u64> {
        let uses = self.uses_of(k, pfn)?;
        uses.get(uses.partition_point(|&at| at < k.now())).copied()
    }

    /// The last event that needed the page in this frame, the current one included.
    fn last_use(&self, k: &Kernel, pfn: Pfn) -> Option<u64> {
        let uses = self.uses_of(k, pfn)?;
        let past = uses.partition_point(|&at| at <= k.now());
        past.checked_sub(1).map(|last| uses[last])
    }

    fn uses_of(&self, k: &Kernel, pfn: Pfn) -> Option<&[u64]> {
        let frame = self.in_large(k, pfn)?;
        let identity = identity(self.large.kernel(), frame);
        self.uses.get(&identity).map(Vec::as_slice)
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

/// Lets an event happen on the large machine, and tells the pages that it needed.
fn needed(machine: &mut Machine, event: &Event) -> Vec<Identity> {
    let Some((pid, pages)) = accessed(&event.op) else {
        let _seen = machine.step(event);
        return Vec::new();
    };
    // What a repair copied from is needed as well as what it made: so look twice.
    let look = |machine: &Machine| {
        let mm = machine.mm(pid);
        let frames = pages.iter().filter_map(|&vpn| in_memory(mm.as_ref()?, vpn));
        frames
            .map(|pfn| identity(machine.kernel(), pfn))
            .collect::<Vec<_>>()
    };
    let mut needed = look(machine);
    let faults = !machine.step(event).faults.is_empty();
    needed.extend(look(machine));
    if let Some(mm) = machine.mm(pid).filter(|_| faults) {
        let copied_from = pages.iter().filter_map(|&vpn| object_frame(&mm, vpn));
        needed.extend(copied_from.map(|pfn| identity(machine.kernel(), pfn)));
    }
    needed
}

/// The process and the pages of an access.
fn accessed(op: &Op) -> Option<(Pid, Vec<Vpn>)> {
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
    Some((pid, pages.collect()))
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

/// The policies, each in its plain form; [`Aging`](policies::aging::Aging) has no other.
pub fn policy(of: Textbook, config: Config, events: &[Event]) -> Box<dyn Policy> {
    let foresight = || Foresight::new(config, events, Rc::new(Reference));
    match of {
        Textbook::Fifo => Box::new(Fifo),
        Textbook::Random => Box::new(policies::random::Random::new(config.seed)),
        Textbook::Lru => Box::new(Lru(foresight())),
        Textbook::Opt => Box::new(Opt(foresight())),
        Textbook::Aging => Box::<policies::aging::Aging>::default(),
    }
}

struct Fifo;

impl Policy for Fifo {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        k.evictable().first().copied()
    }
}

struct Lru(Foresight);

impl Policy for Lru {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        self.0.catch_up(k);
        k.evictable()
            .into_iter()
            .min_by_key(|&pfn| self.0.last_use(k, pfn))
    }
}

struct Opt(Foresight);

impl Policy for Opt {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        self.0.catch_up(k);
        let key = |&pfn: &Pfn| {
            let never = u64::MAX;
            let next = self.0.next_use(k, pfn).unwrap_or(never);
            (next, is_clean(k, pfn), Reverse(k.came_in(pfn)))
        };
        k.evictable().into_iter().max_by_key(key)
    }
}

/// Whether the page can be dropped, because the disk has its bytes.
fn is_clean(k: &Kernel, pfn: Pfn) -> bool {
    match k.frame(pfn).usage {
        Usage::Anon { swap_cache, .. } => swap_cache.is_some(),
        Usage::Object(page) => k.is_file(page) && !k.is_dirty(pfn),
        Usage::Free | Usage::Zero => false,
    }
}
