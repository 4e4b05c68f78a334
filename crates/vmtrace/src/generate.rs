//! Random traces: valid, varied, and the same for the same seed everywhere.
//!
//! A wholly random event is a boring one: it hits nothing. So the generator
//! keeps a rough model of each address space (`world`) and aims at pages that
//! are mapped, except where it errs on purpose. The model may be wrong (about
//! memory that ran out, say); every process starts with a handler for SIGSEGV and
//! SIGBUS, so that a trace goes on all the same.

mod access;
pub mod chance;
mod change;
mod strain;
mod world;

use vmsim::addr::{CpuId, PAGE_SIZE, Pid};
use vmsim::event::{Cache, Config, Event, Op, SigAction, SignalSet};
use vmsim::prot::Prot;

use chance::Chance;
use world::World;

/// What a random trace is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GeneratorOptions {
    /// The length of the trace.
    pub events: usize,
    /// CPUs of the machine, 1 to 4; with more than one, events say which.
    pub cpus: u8,
    /// Frames of the machine. Fewer than about 40 press for memory: a process
    /// has up to 100 pages.
    pub frames: u32,
    /// Swap slots of the machine.
    pub swap: u32,
    /// Pages that the machine maps around a fault: 1 none, 16 as Linux does.
    pub fault_around: u16,
    /// Pages in each arena, the part of the address space where mappings lie
    /// close together and are cut into pieces: 12 to 40 are lively.
    pub arena_pages: u64,
    /// Arenas of each process.
    pub arenas: u64,
    /// Accesses in a hundred that are wrong on purpose: to NULL, the kernel, a
    /// non-canonical address, an unmapped page, one that forbids it, or one past
    /// the end of its file.
    pub invalid_percent: u64,
    /// Pages by which each arena is moved up: `512 - arena_pages / 2` lets it lie
    /// across the border of two page tables.
    pub arena_offset_pages: u64,
    /// The largest size of a file, in pages. More than 16 show the edges of
    /// fault-around.
    pub file_pages: u64,
    /// How far stacks grow, in bytes (`RLIMIT_STACK`).
    pub stack_limit: u64,
    /// Events in a hundred that programs rarely make: calls that fail, calls on the heap
    /// and on stacks, odd accesses, and more (`strain`); and files of odd sizes.
    pub strain_percent: u64,
    /// Which events occur besides accesses and private anonymous mappings.
    pub groups: Groups,
    /// Events in a hundred that are accesses, if there is no strain.
    pub access_percent: u64,
    /// How often each of the others occurs.
    pub weights: Weights,
}

/// How often each kind of change occurs, relative to the others. What is off by its
/// group leaves room for accesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the fields are the words of the trace language"
)]
pub struct Weights {
    pub mmap: u64,
    pub munmap: u64,
    pub mprotect: u64,
    pub dont_need: u64,
    pub populate: u64,
    pub page_out: u64,
    pub fork: u64,
    pub exit: u64,
    pub load_or_drop: u64,
    pub msync: u64,
    pub will_need: u64,
    pub brk: u64,
    pub stack: u64,
}

impl Weights {
    /// A bit of everything, about as programs do it.
    pub const USUAL: Weights = Weights {
        mmap: 30,
        munmap: 8,
        mprotect: 16,
        dont_need: 6,
        populate: 6,
        page_out: 10,
        fork: 7,
        exit: 3,
        load_or_drop: 4,
        msync: 3,
        will_need: 1,
        brk: 3,
        stack: 3,
    };
}

/// Groups of events, each on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Groups {
    /// File mappings, `file`, `load`, `drop`, `msync` and, rarely, `willneed`.
    pub files: bool,
    /// `fork` and `exit`, with up to five processes at a time.
    pub forks: bool,
    /// `madvise … pageout`.
    pub swap: bool,
    /// Shared mappings.
    pub shared: bool,
    /// Executable mappings and `exec`.
    pub exec: bool,
    /// Growing stacks, in an arena of their own.
    pub stack: bool,
    /// `brk`, and accesses to the heap.
    pub heap: bool,
    /// `munmap` and `mprotect`, of parts of mappings too.
    pub protection: bool,
    /// `populate`, `madvise … populate-read`, `populate-write` and `dontneed`.
    pub advice: bool,
    /// `copyin` and `copyout`.
    pub copies: bool,
}

impl Groups {
    /// Everything.
    pub const ALL: Groups = Groups::each(true);
    /// One process that reads and writes private anonymous memory.
    pub const NONE: Groups = Groups::each(false);

    const fn each(on: bool) -> Groups {
        Groups {
            files: on,
            forks: on,
            swap: on,
            shared: on,
            exec: on,
            stack: on,
            heap: on,
            protection: on,
            advice: on,
            copies: on,
        }
    }
}

impl Default for GeneratorOptions {
    /// Everything, on a machine with memory to spare.
    fn default() -> Self {
        Self {
            events: 200,
            cpus: 1,
            frames: 4096,
            swap: 4096,
            fault_around: 1,
            arena_pages: 24,
            arenas: 2,
            invalid_percent: 2,
            arena_offset_pages: 0,
            file_pages: world::FILE_PAGES,
            stack_limit: Config::default().stack_limit,
            strain_percent: 0,
            groups: Groups::ALL,
            access_percent: 70,
            weights: Weights::USUAL,
        }
    }
}

/// Makes a random trace.
///
/// The same seed and options give the same trace, on every machine. All events
/// are valid ([`crate::valid`]) if the options' machine is, and name living
/// processes only.
pub fn generate(seed: u64, options: &GeneratorOptions) -> (Config, Vec<Event>) {
    let generator = Generator::new(seed, options);
    let config = *generator.config();
    (config, generator.take(options.events).collect())
}

/// An endless random trace, event by event; [`generate`] cuts it to its length.
#[derive(Clone, Debug)]
pub struct Generator {
    config: Config,
    options: GeneratorOptions,
    chance: Chance,
    world: World,
    /// Events that come next, the last one first: those that open the trace.
    opening: Vec<Op>,
}

impl Generator {
    /// Starts a trace.
    pub fn new(seed: u64, options: &GeneratorOptions) -> Self {
        let config = Config {
            frames: options.frames,
            swap: options.swap,
            cpus: options.cpus,
            seed,
            fault_around: options.fault_around,
            stack_limit: options.stack_limit,
            ..Config::default()
        };
        let mut generator = Self {
            config,
            options: *options,
            chance: Chance::new(seed),
            world: World::new(options, config.heap),
            opening: Vec::new(),
        };
        generator.open();
        generator
    }

    /// The same trace so far, with another future for each number: for who chooses
    /// among events.
    pub fn diverge(&self, number: u64) -> Self {
        let mut other = self.clone();
        other.chance.diverge(number);
        other
    }

    /// The machine that the trace runs on.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// A handler, so that an invalid access is not the end, the files, and
    /// something to access.
    fn open(&mut self) {
        let (signal, action) = (SignalSet::Segv, SigAction::Handler);
        let handler = Op::Sigaction {
            pid: Pid(1),
            signal,
            action,
        };
        let files = if self.options.groups.files {
            world::FILES
        } else {
            0
        };
        let files = (0..files)
            .map(|number| self.file(number))
            .collect::<Vec<_>>();
        let mmap = self.mmap(0);
        self.opening = [mmap]
            .into_iter()
            .chain(files.into_iter().rev())
            .chain([handler])
            .collect();
    }

    /// A file of some pages, of which the last is rarely whole.
    fn file(&mut self, number: u32) -> Op {
        let size = match self.options.strain_percent > 0 && self.chance.percent(20) {
            true => self
                .chance
                .pick(&[0, 1, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1]),
            false => self.chance.within(1..=self.options.file_pages * PAGE_SIZE),
        };
        self.world.file_sizes.push(size);
        let cache = self.chance.pick(&[Cache::Cold, Cache::Warm]);
        Op::File {
            name: format!("f{number}").into(),
            size,
            cache,
        }
    }

    fn op(&mut self) -> Op {
        if let Some(op) = self.opening.pop() {
            return op;
        }
        // Without strain nothing is drawn, so that a seed gives what it always gave.
        if self.options.strain_percent > 0
            && self.chance.percent(self.options.strain_percent)
            && let Some(op) = self.strain()
        {
            return op;
        }
        if !self.chance.percent(self.options.access_percent)
            && let Some(op) = self.change()
        {
            return op;
        }
        self.access()
    }

    /// A protection for a new or old mapping, mostly a generous one.
    fn prot(&mut self) -> Prot {
        let common = [
            Prot::READ_WRITE,
            Prot::READ_WRITE,
            Prot::READ_WRITE,
            Prot::READ,
        ];
        let executable = [
            Prot::READ_EXEC,
            Prot::READ_WRITE.union(Prot::EXEC),
            Prot::EXEC,
        ];
        match self.chance.below(100) {
            0..80 => self.chance.pick(&common),
            80..92 if self.options.groups.exec => self.chance.pick(&executable),
            92..96 => Prot::NONE,
            96.. => Prot::WRITE,
            _ => Prot::READ_WRITE,
        }
    }
}

impl Iterator for Generator {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let op = self.op();
        let cpu = CpuId(self.chance.below(u64::from(self.options.cpus.max(1))) as u8);
        Some(Event { cpu, op })
    }
}
