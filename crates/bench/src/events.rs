//! Events, made in code: an operation of a process on pages, told by their numbers.

use vmsim::addr::{CpuId, FileId, PAGE_SIZE, Pid, VirtAddr, Vpn};
use vmsim::event::{
    Advice, Cache, Event, Growth, Mapping, Op, Populate, Sharing, SigAction, SignalSet, Source,
};
use vmsim::prot::Prot;

/// A run of pages: the first, and how many.
#[derive(Clone, Copy, Debug)]
pub struct Pages {
    /// The first.
    pub first: u64,
    /// How many.
    pub count: u64,
}

impl Pages {
    /// So many pages from a page on.
    pub const fn new(first: u64, count: u64) -> Self {
        Self { first, count }
    }

    /// Their numbers, in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = u64> + Clone {
        self.first..self.first + self.count
    }

    fn start(self) -> VirtAddr {
        Vpn(self.first).start()
    }

    fn bytes(self) -> u64 {
        self.count * PAGE_SIZE
    }
}

/// Memory of a process's own, to read and to write.
pub fn map(pid: u32, pages: Pages) -> Event {
    mmap(pid, pages, Prot::READ_WRITE, Sharing::Private, Source::Anon)
}

/// A mapping of a file from its start on.
pub fn map_file(pid: u32, pages: Pages, file: u32, sharing: Sharing) -> Event {
    let source = Source::File {
        file: FileId(file),
        offset: 0,
    };
    mmap(pid, pages, Prot::READ_WRITE, sharing, source)
}

/// A mapping with whatever can be said of it.
pub fn mmap(pid: u32, pages: Pages, prot: Prot, sharing: Sharing, source: Source) -> Event {
    on_first_cpu(Op::Mmap {
        pid: Pid(pid),
        addr: pages.start(),
        len: pages.bytes(),
        map: Mapping {
            prot,
            sharing,
            source,
            populate: Populate::Lazily,
            growth: Growth::Fixed,
        },
    })
}

/// A file of so many pages, the first of a trace being number 0.
pub fn file(size_pages: u64, cache: Cache) -> Event {
    on_first_cpu(Op::File {
        name: "file".into(),
        size: size_pages * PAGE_SIZE,
        cache,
    })
}

/// munmap(2).
pub fn unmap(pid: u32, pages: Pages) -> Event {
    on_first_cpu(Op::Munmap {
        pid: Pid(pid),
        addr: pages.start(),
        len: pages.bytes(),
    })
}

/// The first pages of a file come into the page cache, and are not mapped.
pub fn load(file: u32, size_pages: u64) -> Event {
    on_first_cpu(Op::Load {
        file: FileId(file),
        offset: 0,
        len: size_pages * PAGE_SIZE,
    })
}

/// The pages go to swap, or to their file.
pub fn page_out(pid: u32, pages: Pages) -> Event {
    on_first_cpu(Op::Madvise {
        pid: Pid(pid),
        addr: pages.start(),
        len: pages.bytes(),
        advice: Advice::PageOut,
    })
}

/// A child that has what its parent has.
pub fn fork(parent: u32, child: u32) -> Event {
    on_first_cpu(Op::Fork {
        parent: Pid(parent),
        child: Pid(child),
    })
}

/// The end of a process.
pub fn exit(pid: u32) -> Event {
    on_first_cpu(Op::Exit { pid: Pid(pid) })
}

/// A read of one byte of a page.
pub fn read(pid: u32, page: u64) -> Event {
    read_at(pid, Vpn(page).start())
}

/// A read of one byte at an address.
pub fn read_at(pid: u32, addr: VirtAddr) -> Event {
    on_first_cpu(Op::Read {
        pid: Pid(pid),
        addr,
        size: 1,
    })
}

/// A write of one byte of a page.
pub fn write(pid: u32, page: u64) -> Event {
    on_first_cpu(Op::Write {
        pid: Pid(pid),
        addr: Vpn(page).start(),
        size: 1,
        value: None,
    })
}

/// The process goes on after signals.
pub fn survive(pid: u32) -> Event {
    on_first_cpu(Op::Sigaction {
        pid: Pid(pid),
        signal: SignalSet::Segv,
        action: SigAction::Handler,
    })
}

/// The same event on another CPU.
pub fn on_cpu(cpu: u8, event: Event) -> Event {
    Event {
        cpu: CpuId(cpu),
        ..event
    }
}

fn on_first_cpu(op: Op) -> Event {
    Event { cpu: CpuId(0), op }
}
