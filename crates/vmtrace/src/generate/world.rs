//! What the generator believes about the processes of its trace.

use std::ops::Range;

use vmsim::addr::{FileId, PAGE_SIZE, Pid, VirtAddr};
use vmsim::event::{Growth, Sharing};
use vmsim::prot::Prot;

use crate::generate::GeneratorOptions;

/// Processes at one time: enough for grandchildren and siblings.
pub(crate) const PROCESSES_MAX: usize = 5;

/// Files of a trace.
pub(crate) const FILES: u32 = 3;

/// The largest file, in pages, unless the options say otherwise.
pub(crate) const FILE_PAGES: u64 = 10;

/// Where the first arena starts, and how far the arenas are apart: farther than
/// the guard gap below a stack.
const ARENA_START: u64 = 0x1_0000_0000;
const ARENA_STRIDE: u64 = 0x4000_0000;

/// The processes alive, and the files.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) processes: Vec<Process>,
    pub(crate) file_sizes: Vec<u64>,
    pub(crate) next_pid: u32,
}

/// A process and its address space.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) pid: Pid,
    pub(crate) arenas: Vec<Arena>,
}

/// A part of an address space, page by page.
#[derive(Clone, Debug)]
pub(crate) struct Arena {
    pub(crate) use_: Use,
    start: VirtAddr,
    pub(crate) pages: Vec<Option<Page>>,
}

/// What an arena is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Mappings of all kinds.
    Mappings,
    /// One stack that grows down from the top.
    Stack,
    /// The heap, which `brk` moves the end of.
    Heap,
}

/// A mapped page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) prot: Prot,
    pub(crate) sharing: Sharing,
    /// The file that it shows, and from where.
    pub(crate) file: Option<(FileId, u64)>,
    pub(crate) growth: Growth,
}

impl World {
    pub(crate) fn new(options: &GeneratorOptions, heap: VirtAddr) -> Self {
        let offset = options.arena_offset_pages * PAGE_SIZE;
        let start = |number| VirtAddr(ARENA_START + number * ARENA_STRIDE + offset);
        let size = options.arena_pages.max(1);
        let arenas = options.arenas.max(1);
        let mappings = (0..arenas).map(|number| Arena::new(Use::Mappings, start(number), size));
        let stack = Arena::new(Use::Stack, start(arenas), size);
        let heap = Arena::new(Use::Heap, heap, size);
        let arenas = mappings
            .chain(options.groups.stack.then_some(stack))
            .chain(options.groups.heap.then_some(heap))
            .collect();
        let first = Process {
            pid: Pid(1),
            arenas,
        };
        Self {
            processes: vec![first],
            file_sizes: Vec::new(),
            next_pid: 2,
        }
    }

    /// Whether a page lies wholly past the end of its file.
    pub(crate) fn is_past_end(&self, page: Page) -> bool {
        page.file
            .is_some_and(|(file, offset)| offset >= self.file_sizes[file.0 as usize])
    }

    /// A process comes to life as another one's copy.
    pub(crate) fn fork(&mut self, parent: usize) -> Pid {
        let pid = Pid(self.next_pid);
        self.next_pid += 1;
        let arenas = self.processes[parent].arenas.clone();
        self.processes.push(Process { pid, arenas });
        pid
    }
}

impl Arena {
    fn new(use_: Use, start: VirtAddr, size: u64) -> Self {
        Self {
            use_,
            start,
            pages: vec![None; size as usize],
        }
    }

    /// The address of a page.
    pub(crate) fn addr(&self, page: usize) -> VirtAddr {
        VirtAddr(self.start.0 + page as u64 * PAGE_SIZE)
    }

    /// Forgets pages.
    pub(crate) fn unmap(&mut self, range: Range<usize>) {
        self.pages[range].fill(None);
    }

    /// Protects pages, up to the first hole, as mprotect(2) does.
    pub(crate) fn protect(&mut self, range: Range<usize>, prot: Prot) {
        for page in self.pages[range].iter_mut().map_while(Option::as_mut) {
            page.prot = prot;
        }
    }

    /// A page of the stack is touched, and the stack grows to it.
    pub(crate) fn grow(&mut self, to: usize) {
        let above = self.pages[to..].iter().position(Option::is_some);
        let Some(above) = above.map(|distance| to + distance) else {
            return;
        };
        let page = self.pages[above];
        if page.is_some_and(|page| page.growth == Growth::Down) {
            self.pages[to..above].fill(page);
        }
    }
}
