//! Any machine and any valid events, likely or not.

use proptest::prelude::*;
use proptest::sample::select;
use vmsim::addr::{CpuId, FileId, PAGE_SIZE, Pid, TASK_SIZE, VirtAddr};
use vmsim::event::{
    Advice, Cache, Config, Event, Growth, Mapping, Op, Populate, Sharing, SigAction, SignalSet,
    Source,
};
use vmsim::prot::Prot;
use vmtrace::limits::PAGES_MAX;

/// Files that an arbitrary trace starts with.
const FILES: u32 = 3;

/// Any machine, and events that it can take.
pub fn trace() -> impl Strategy<Value = (Config, Vec<Event>)> {
    let names = proptest::collection::vec("[A-Za-z_][A-Za-z0-9_.-]{0,20}", FILES as usize);
    let events = proptest::collection::vec((0..4_u8, op()), 0..40);
    (config(), names, events).prop_map(|(config, names, events)| {
        let files = names.iter().enumerate().map(|(number, name)| Event {
            cpu: CpuId(0),
            // The number keeps names apart.
            op: file(&format!("{name}{number}"), number as u64 * 4097),
        });
        let events = events.into_iter().map(|(cpu, op)| Event {
            cpu: CpuId(cpu % config.cpus),
            op,
        });
        (config, files.chain(events).collect())
    })
}

fn file(name: &str, size: u64) -> Op {
    Op::File {
        name: name.into(),
        size,
        cache: Cache::Warm,
    }
}

fn config() -> impl Strategy<Value = Config> {
    let pages = (1..=PAGES_MAX, 0..=PAGES_MAX);
    let windows = (1..=512_u16, 0..=512_u16);
    let heap = 1..TASK_SIZE / PAGE_SIZE;
    (pages, 1..=4_u8, any::<u64>(), windows, heap, any::<u64>()).prop_map(
        |((frames, swap), cpus, seed, (fault_around, readahead), heap, stack_limit)| Config {
            frames,
            swap,
            cpus,
            seed,
            fault_around,
            readahead,
            heap: VirtAddr(heap * PAGE_SIZE),
            stack_limit,
        },
    )
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![access(), range(), rest()]
}

fn access() -> impl Strategy<Value = Op> {
    (0..5, pid(), addr(), size_and_value()).prop_map(
        |(kind, pid, addr, (size, value))| match kind {
            0 => Op::Read { pid, addr, size },
            1 => Op::Write {
                pid,
                addr,
                size,
                value,
            },
            2 => Op::Exec { pid, addr },
            3 => Op::CopyIn { pid, addr, size },
            _ => Op::CopyOut {
                pid,
                addr,
                size,
                value,
            },
        },
    )
}

fn size_and_value() -> impl Strategy<Value = (u16, Option<u64>)> {
    (1..=4096_u16, any::<Option<u64>>()).prop_map(|(size, value)| {
        let bits = 64 - 8 * u32::from(size.min(8));
        (size, value.map(|value| value >> bits))
    })
}

fn range() -> impl Strategy<Value = Op> {
    (0..5, pid(), addr(), length(), mapping(), advice()).prop_map(
        |(kind, pid, addr, len, map, advice)| match kind {
            0 => Op::Mmap {
                pid,
                addr,
                len,
                map,
            },
            1 => Op::Munmap { pid, addr, len },
            2 => Op::Mprotect {
                pid,
                addr,
                len,
                prot: map.prot,
            },
            3 => Op::Madvise {
                pid,
                addr,
                len,
                advice,
            },
            _ => Op::Msync { pid, addr, len },
        },
    )
}

fn rest() -> impl Strategy<Value = Op> {
    (0..6, pid(), pid(), addr(), length(), file_id(), signal()).prop_map(
        |(kind, pid, child, addr, len, file, (signal, action))| match kind {
            0 => Op::Brk { pid, addr },
            1 => Op::Fork { parent: pid, child },
            2 => Op::Exit { pid },
            3 => Op::Load {
                file,
                offset: addr.0,
                len,
            },
            4 => Op::Drop { file },
            _ => Op::Sigaction {
                pid,
                signal,
                action,
            },
        },
    )
}

fn mapping() -> impl Strategy<Value = Mapping> {
    let prot = (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(r, w, x)| {
        let rights = [(r, Prot::READ), (w, Prot::WRITE), (x, Prot::EXEC)];
        let asked = rights.into_iter().filter(|(asked, _)| *asked);
        asked.fold(Prot::NONE, |prot, (_, right)| prot.union(right))
    });
    let source = prop_oneof![
        Just(Source::Anon),
        (file_id(), length()).prop_map(|(file, offset)| Source::File { file, offset }),
    ];
    let sharing = select(vec![Sharing::Private, Sharing::Shared]);
    let populate = select(vec![Populate::Lazily, Populate::Now]);
    let growth = select(vec![Growth::Fixed, Growth::Down]);
    (prot, sharing, source, populate, growth).prop_map(
        |(prot, sharing, source, populate, growth)| Mapping {
            prot,
            sharing,
            source,
            populate,
            growth,
        },
    )
}

fn advice() -> impl Strategy<Value = Advice> {
    select(vec![
        Advice::DontNeed,
        Advice::PageOut,
        Advice::WillNeed,
        Advice::PopulateRead,
        Advice::PopulateWrite,
    ])
}

fn signal() -> impl Strategy<Value = (SignalSet, SigAction)> {
    (
        select(vec![SignalSet::Segv, SignalSet::Bus]),
        select(vec![SigAction::Default, SigAction::Handler]),
    )
}

fn pid() -> impl Strategy<Value = Pid> {
    prop_oneof![1..6_u32, 1..=u32::MAX].prop_map(Pid)
}

fn file_id() -> impl Strategy<Value = FileId> {
    (0..FILES).prop_map(FileId)
}

fn addr() -> impl Strategy<Value = VirtAddr> {
    prop_oneof![any::<u64>(), 0x1000_0000..0x1000_4000_u64].prop_map(VirtAddr)
}

fn length() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        (0..64_u64).prop_map(|shift| 1 << shift),
        0..10_000_u64
    ]
}
