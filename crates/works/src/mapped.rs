//! A work as a trace of ours: the machine, the memory that is mapped, and the accesses.
//!
//! Each mapping is so that a page takes one frame and no more, whatever is done to it: what
//! is counted as a miss here is one for a program that knows nothing but page numbers.

use std::iter;

use vmsim::addr::{CpuId, FileId, PAGE_SIZE, Pid, VirtAddr};
use vmsim::event::{Cache, Config, Event, Growth, Mapping, Op, Populate, Sharing, Source};
use vmsim::prot::Prot;

use crate::work::{Access, Reference, Work};

/// What the pages of a work are of, and so what a miss costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backing {
    /// Private anonymous memory: a miss is a swap-in, and a swap-out of what was there.
    Swap,
    /// A private mapping of a file, for works that only read: a miss is a read.
    File,
    /// A shared mapping of a file, for works that do everything: a miss is a read, and a
    /// write of what was there if it was written to.
    SharedFile,
}

/// Where the pages are mapped.
const START: u64 = 0x1000_0000;

/// The process whose pages they are.
const PID: Pid = Pid(1);

/// The machine that the work runs on.
pub fn machine(work: &Work, backing: Backing) -> Config {
    Config {
        frames: work.frames,
        swap: match backing {
            Backing::Swap => work.pages,
            Backing::File | Backing::SharedFile => 0,
        },
        ..Config::default()
    }
}

/// The events of the work, mappings first.
pub fn events(work: &Work, backing: Backing) -> impl Iterator<Item = Event> {
    let accesses = work.references().map(access);
    mappings(work.pages, backing).chain(accesses).map(event)
}

fn event(op: Op) -> Event {
    Event { cpu: CpuId(0), op }
}

fn mappings(pages: u32, backing: Backing) -> impl Iterator<Item = Op> {
    let len = u64::from(pages) * PAGE_SIZE;
    let (prot, sharing) = match backing {
        Backing::Swap => (Prot::READ_WRITE, Sharing::Private),
        Backing::File => (Prot::READ, Sharing::Private),
        Backing::SharedFile => (Prot::READ_WRITE.union(Prot::EXEC), Sharing::Shared),
    };
    let file = (backing != Backing::Swap).then(|| Op::File {
        name: "data".into(),
        size: len,
        cache: Cache::Cold,
    });
    let of_file = Source::File {
        file: FileId(0),
        offset: 0,
    };
    let map = Mapping {
        prot,
        sharing,
        source: file.as_ref().map_or(Source::Anon, |_| of_file),
        populate: Populate::Lazily,
        growth: Growth::Fixed,
    };
    let mapped = Op::Mmap {
        pid: PID,
        addr: VirtAddr(START),
        len,
        map,
    };
    file.into_iter().chain(iter::once(mapped))
}

fn access(Reference { page, access }: Reference) -> Op {
    let pid = PID;
    let addr = VirtAddr(START + u64::from(page) * PAGE_SIZE);
    match access {
        Access::Read => Op::Read { pid, addr, size: 1 },
        Access::Write => Op::Write {
            pid,
            addr,
            size: 1,
            value: None,
        },
        Access::Exec => Op::Exec { pid, addr },
    }
}
