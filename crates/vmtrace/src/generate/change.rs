//! Everything but accesses: what changes an address space, a file or a family.

use std::ops::Range;

use vmsim::addr::{FileId, PAGE_SIZE, Pid, VirtAddr};
use vmsim::event::{Advice, Growth, Mapping, Op, Populate, Sharing, Source};
use vmsim::prot::Prot;

use crate::generate::world::{FILES, PROCESSES_MAX, Page, Use};
use crate::generate::{Generator, Weights};

/// Some pages of an arena.
#[derive(Clone, Debug)]
struct Stretch {
    process: usize,
    arena: usize,
    pages: Range<usize>,
}

impl Weights {
    /// In the order of [`Generator::change`].
    fn in_order(&self) -> [u64; 13] {
        [
            self.mmap,
            self.munmap,
            self.mprotect,
            self.dont_need,
            self.populate,
            self.page_out,
            self.fork,
            self.exit,
            self.load_or_drop,
            self.msync,
            self.will_need,
            self.brk,
            self.stack,
        ]
    }
}

impl Generator {
    /// A change by some process, or none if the kind chosen is off or makes no
    /// sense now.
    pub(crate) fn change(&mut self) -> Option<Op> {
        let on = self.options.groups;
        let weights = self.options.weights;
        let process = self.some_process();
        match self.chance.weighted(&weights.in_order()) {
            0 => Some(self.mmap(process)),
            1 if on.protection => Some(self.munmap(process)),
            2 if on.protection => Some(self.mprotect(process)),
            3 if on.advice => Some(self.dont_need(process)),
            4 if on.advice => Some(self.populate(process)),
            5 if on.swap => Some(self.advise(process, Advice::PageOut)),
            6 if on.forks => self.fork(process),
            7 if on.forks => self.exit(process),
            8 if on.files => Some(self.load_or_drop()),
            9 if on.files => Some(self.msync(process)),
            10 if on.files => Some(self.advise(process, Advice::WillNeed)),
            11 if on.heap => self.brk(process),
            12 if on.stack => self.stack(process),
            _ => None,
        }
    }

    pub(crate) fn mmap(&mut self, process: usize) -> Op {
        let stretch = self.stretch(process);
        let map = self.mapping();
        self.map(&stretch, &map);
        let (pid, addr, len) = self.place(&stretch);
        Op::Mmap {
            pid,
            addr,
            len,
            map,
        }
    }

    fn mapping(&mut self) -> Mapping {
        let on = self.options.groups;
        let sharing = match on.shared && self.chance.percent(30) {
            true => Sharing::Shared,
            false => Sharing::Private,
        };
        let source = match on.files && self.chance.percent(40) {
            true => self.file_source(),
            false => Source::Anon,
        };
        let populate = match on.advice && self.chance.percent(8) {
            true => Populate::Now,
            false => Populate::Lazily,
        };
        Mapping {
            prot: self.prot(),
            sharing,
            source,
            populate,
            growth: Growth::Fixed,
        }
    }

    fn file_source(&mut self) -> Source {
        let file = self.some_file();
        Source::File {
            file,
            offset: self.file_offset(),
        }
    }

    /// Where in its file a mapping starts: mostly in the first pages.
    fn file_offset(&mut self) -> u64 {
        let far = self.options.strain_percent > 0 && self.chance.percent(15);
        match far {
            true => self.chance.below(self.options.file_pages + 2) * PAGE_SIZE,
            false => self.chance.below(4) * PAGE_SIZE,
        }
    }

    fn munmap(&mut self, process: usize) -> Op {
        let stretch = self.stretch(process);
        let arena = &mut self.world.processes[process].arenas[stretch.arena];
        arena.unmap(stretch.pages.clone());
        let (pid, addr, len) = self.place(&stretch);
        Op::Munmap { pid, addr, len }
    }

    pub(crate) fn mprotect(&mut self, process: usize) -> Op {
        let stretch = self.stretch(process);
        let prot = self.prot();
        let arena = &mut self.world.processes[process].arenas[stretch.arena];
        arena.protect(stretch.pages.clone(), prot);
        let (pid, addr, len) = self.place(&stretch);
        Op::Mprotect {
            pid,
            addr,
            len,
            prot,
        }
    }

    fn dont_need(&mut self, process: usize) -> Op {
        self.advise(process, Advice::DontNeed)
    }

    fn populate(&mut self, process: usize) -> Op {
        let advice = self
            .chance
            .pick(&[Advice::PopulateRead, Advice::PopulateWrite]);
        self.advise(process, advice)
    }

    fn advise(&mut self, process: usize, advice: Advice) -> Op {
        let stretch = self.stretch(process);
        let (pid, addr, len) = self.place(&stretch);
        Op::Madvise {
            pid,
            addr,
            len,
            advice,
        }
    }

    fn msync(&mut self, process: usize) -> Op {
        let stretch = self.stretch(process);
        let (pid, addr, len) = self.place(&stretch);
        Op::Msync { pid, addr, len }
    }

    fn fork(&mut self, parent: usize) -> Option<Op> {
        if self.world.processes.len() == PROCESSES_MAX {
            return None;
        }
        let child = self.world.fork(parent);
        Some(Op::Fork {
            parent: self.world.processes[parent].pid,
            child,
        })
    }

    /// The last process stays, so that there is somebody to go on with.
    fn exit(&mut self, process: usize) -> Option<Op> {
        if self.world.processes.len() == 1 {
            return None;
        }
        let process = self.world.processes.remove(process);
        Some(Op::Exit { pid: process.pid })
    }

    fn load_or_drop(&mut self) -> Op {
        let file = self.some_file();
        match self.chance.percent(50) {
            true => Op::Drop { file },
            false => Op::Load {
                file,
                offset: self.chance.below(4) * PAGE_SIZE,
                len: self.chance.within(1..=4) * PAGE_SIZE,
            },
        }
    }

    fn some_file(&mut self) -> FileId {
        FileId(self.chance.below(u64::from(FILES)) as u32)
    }

    /// Moves the end of the heap; not always to a whole page.
    fn brk(&mut self, process: usize) -> Option<Op> {
        let (pid, arena) = self.arena(process, Use::Heap)?;
        let heap = &mut self.world.processes[process].arenas[arena];
        let len = self.chance.below(heap.pages.len() as u64) as usize;
        let addr = VirtAddr(heap.addr(len).0 - self.chance.pick(&[0, 0, 16]) * len.min(1) as u64);
        heap.unmap(len..heap.pages.len());
        heap.pages[..len].fill(Some(private_page(Prot::READ_WRITE, Growth::Fixed)));
        Some(Op::Brk { pid, addr })
    }

    /// Maps a stack at the top of its arena, over the one that may be there.
    fn stack(&mut self, process: usize) -> Option<Op> {
        let (_, arena) = self.arena(process, Use::Stack)?;
        let size = self.world.processes[process].arenas[arena].pages.len();
        let stretch = Stretch {
            process,
            arena,
            pages: size - size.min(2)..size,
        };
        let prot = self
            .chance
            .pick(&[Prot::READ_WRITE, Prot::READ_WRITE, Prot::READ]);
        let map = Mapping {
            prot,
            sharing: Sharing::Private,
            source: Source::Anon,
            populate: Populate::Lazily,
            growth: Growth::Down,
        };
        self.map(&stretch, &map);
        let (pid, addr, len) = self.place(&stretch);
        Some(Op::Mmap {
            pid,
            addr,
            len,
            map,
        })
    }

    pub(crate) fn arena(&self, process: usize, use_: Use) -> Option<(Pid, usize)> {
        let process = &self.world.processes[process];
        let arena = process.arenas.iter().position(|arena| arena.use_ == use_)?;
        Some((process.pid, arena))
    }

    /// Some pages of an arena for mappings: mostly few, at times all.
    fn stretch(&mut self, process: usize) -> Stretch {
        let arena = self.chance.below(self.options.arenas.max(1)) as usize;
        let size = self.world.processes[process].arenas[arena].pages.len() as u64;
        let first = self.chance.below(size);
        let longest = if self.chance.percent(25) { size } else { 6 };
        let len = self.chance.within(1..=longest.min(size - first));
        Stretch {
            process,
            arena,
            pages: first as usize..(first + len) as usize,
        }
    }

    /// Process, address and length, as system calls want them.
    fn place(&self, stretch: &Stretch) -> (Pid, VirtAddr, u64) {
        let process = &self.world.processes[stretch.process];
        let addr = process.arenas[stretch.arena].addr(stretch.pages.start);
        (process.pid, addr, stretch.pages.len() as u64 * PAGE_SIZE)
    }

    fn map(&mut self, stretch: &Stretch, map: &Mapping) {
        let arena = &mut self.world.processes[stretch.process].arenas[stretch.arena];
        for (distance, page) in arena.pages[stretch.pages.clone()].iter_mut().enumerate() {
            let file = match map.source {
                Source::Anon => None,
                Source::File { file, offset } => Some((file, offset + distance as u64 * PAGE_SIZE)),
            };
            let (prot, sharing, growth) = (map.prot, map.sharing, map.growth);
            *page = Some(Page {
                prot,
                sharing,
                file,
                growth,
            });
        }
    }
}

fn private_page(prot: Prot, growth: Growth) -> Page {
    Page {
        prot,
        sharing: Sharing::Private,
        file: None,
        growth,
    }
}
