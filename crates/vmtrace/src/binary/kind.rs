//! The codes of the binary form, shared by encoder and decoder.

use vmsim::addr::VirtAddr;
use vmsim::event::{
    Advice, Cache, Growth, Mapping, Populate, Sharing, SigAction, SignalSet, Source,
};
use vmsim::prot::Prot;

/// The first bytes of a binary trace. A UTF-8 text cannot start with the first one.
pub(crate) const MAGIC: [u8; 4] = [0x8f, b'V', b'M', b'T'];

/// The version that follows the magic; the one before it lacks [`WORDS`], and is read as well.
pub(crate) const VERSION: u8 = 2;

/// The bits of a tag that hold the kind.
pub(crate) const KIND_MASK: u8 = 0x1f;
/// A CPU follows the tag.
pub(crate) const HAS_CPU: u8 = 0x20;
/// A process follows.
pub(crate) const HAS_PID: u8 = 0x40;
/// The access has a size other than 1, which follows.
pub(crate) const HAS_SIZE: u8 = 0x80;

/// The tag that ends a trace.
pub(crate) const END: u8 = 0;
pub(crate) const READ: u8 = 1;
pub(crate) const WRITE: u8 = 2;
/// A write with a value.
pub(crate) const WRITE_VALUE: u8 = 3;
pub(crate) const EXEC: u8 = 4;
pub(crate) const COPY_IN: u8 = 5;
pub(crate) const COPY_OUT: u8 = 6;
/// A copy-out with a value.
pub(crate) const COPY_OUT_VALUE: u8 = 7;
pub(crate) const MMAP: u8 = 8;
pub(crate) const MUNMAP: u8 = 9;
pub(crate) const MPROTECT: u8 = 10;
pub(crate) const MADVISE: u8 = 11;
pub(crate) const BRK: u8 = 12;
pub(crate) const FORK: u8 = 13;
pub(crate) const EXIT: u8 = 14;
pub(crate) const FILE: u8 = 15;
pub(crate) const LOAD: u8 = 16;
pub(crate) const DROP: u8 = 17;
pub(crate) const MSYNC: u8 = 18;
pub(crate) const SIGACTION: u8 = 19;
/// Accesses of one process on one CPU, as words.
pub(crate) const WORDS: u8 = 20;

/// The code of a value is its place in its table.
pub(crate) const ADVICES: [Advice; 5] = [
    Advice::DontNeed,
    Advice::PageOut,
    Advice::WillNeed,
    Advice::PopulateRead,
    Advice::PopulateWrite,
];
pub(crate) const CACHES: [Cache; 2] = [Cache::Cold, Cache::Warm];
pub(crate) const SIGNALS: [(SignalSet, SigAction); 4] = [
    (SignalSet::Segv, SigAction::Default),
    (SignalSet::Segv, SigAction::Handler),
    (SignalSet::Bus, SigAction::Default),
    (SignalSet::Bus, SigAction::Handler),
];

const SHARED: u8 = 0x08;
/// A file and an offset follow.
pub(crate) const OF_FILE: u8 = 0x10;
const POPULATE: u8 = 0x20;
const GROWS: u8 = 0x40;

/// The address that is a zigzag step behind the last one.
#[inline]
pub(crate) const fn stepped(last: VirtAddr, zigzag: u64) -> VirtAddr {
    let step = (zigzag >> 1) ^ (zigzag & 1).wrapping_neg();
    VirtAddr(last.0.wrapping_add(step))
}

/// The code of a value, its place in the table.
pub(crate) fn code<T: PartialEq>(table: &[T], value: T) -> u8 {
    let place = table.iter().position(|entry| *entry == value);
    place.expect("the table has every value") as u8
}

/// A protection as the lowest three bits: read, write, execute.
pub(crate) fn prot_code(prot: Prot) -> u8 {
    u8::from(prot.read()) | u8::from(prot.write()) << 1 | u8::from(prot.exec()) << 2
}

/// The protection of the lowest three bits.
pub(crate) fn prot(code: u8) -> Prot {
    let mut prot = Prot::NONE;
    for (bit, right) in [(1, Prot::READ), (2, Prot::WRITE), (4, Prot::EXEC)] {
        if code & bit != 0 {
            prot = prot.union(right);
        }
    }
    prot
}

/// Everything of a mapping but its file and offset.
pub(crate) fn mapping_code(map: &Mapping) -> u8 {
    let flags = [
        (map.sharing == Sharing::Shared, SHARED),
        (map.source != Source::Anon, OF_FILE),
        (map.populate == Populate::Now, POPULATE),
        (map.growth == Growth::Down, GROWS),
    ];
    let set = flags.iter().filter(|(is, _)| *is).map(|(_, bit)| bit);
    set.fold(prot_code(map.prot), |code, bit| code | bit)
}

/// The mapping of a code, which has its highest bit clear.
pub(crate) fn mapping(code: u8, source: Source) -> Mapping {
    let pick = |bit| code & bit != 0;
    Mapping {
        prot: prot(code),
        sharing: if pick(SHARED) {
            Sharing::Shared
        } else {
            Sharing::Private
        },
        source,
        populate: if pick(POPULATE) {
            Populate::Now
        } else {
            Populate::Lazily
        },
        growth: if pick(GROWS) {
            Growth::Down
        } else {
            Growth::Fixed
        },
    }
}
