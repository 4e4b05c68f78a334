//! The system calls that change an address space, as events.

use vmsim::addr::{PAGE_SIZE, Pid, VirtAddr};
use vmsim::event::{Advice, Growth, Mapping, Op, Populate, Sharing, Source};
use vmsim::prot::Prot;

use crate::call::Args;
use crate::line::{Call, Expected};

// Flags from the x86-64 headers.
const MAP_SHARED: u64 = 0x1;
const MAP_ANONYMOUS: u64 = 0x20;
const MAP_GROWSDOWN: u64 = 0x100;
const MAP_POPULATE: u64 = 0x8000;
const MS_SYNC: u64 = 4;
const CLONE_CHILD_SETTID: u64 = 0x0100_0000;

/// Whether an mmap maps no file.
pub(crate) fn is_anonymous(args: Args) -> Result<bool, Expected> {
    Ok(args.number(3)? & MAP_ANONYMOUS != 0)
}

/// An mmap that returned this address.
pub(crate) fn mmap(pid: Pid, args: Args, result: u64, source: Source) -> Result<Op, Expected> {
    let flags = args.number(3)?;
    let has = |flag| flags & flag != 0;
    let map = Mapping {
        prot: prot(args.number(2)?),
        sharing: if has(MAP_SHARED) {
            Sharing::Shared
        } else {
            Sharing::Private
        },
        source,
        populate: if has(MAP_POPULATE) {
            Populate::Now
        } else {
            Populate::Lazily
        },
        growth: if has(MAP_GROWSDOWN) {
            Growth::Down
        } else {
            Growth::Fixed
        },
    };
    Ok(Op::Mmap {
        pid,
        addr: VirtAddr(result),
        len: args.bytes(1)?,
        map,
    })
}

/// Private memory that is mapped as it is before anybody asks for more.
pub(crate) fn private(prot: Prot, source: Source) -> Mapping {
    Mapping {
        prot,
        sharing: Sharing::Private,
        source,
        populate: Populate::Lazily,
        growth: Growth::Fixed,
    }
}

/// An mremap that returned this address. The language cannot move pages: what
/// is no longer there is unmapped, and what is new is fresh anonymous memory.
pub(crate) fn mremap(pid: Pid, args: Args, result: u64) -> Result<Vec<Op>, Expected> {
    let (old, old_len, new_len) = (args.bytes(0)?, args.bytes(1)?, args.bytes(2)?);
    let kept = match result == old {
        true => old_len.min(new_len).next_multiple_of(PAGE_SIZE),
        false => 0,
    };
    let mut ops = Vec::new();
    if old_len > kept {
        ops.push(Op::Munmap {
            pid,
            addr: VirtAddr(old + kept),
            len: old_len - kept,
        });
    }
    if new_len > kept {
        let map = private(Prot::READ_WRITE, Source::Anon);
        ops.push(Op::Mmap {
            pid,
            addr: VirtAddr(result.saturating_add(kept)),
            len: new_len - kept,
            map,
        });
    }
    Ok(ops)
}

/// A munmap, mprotect, madvise or msync; `None` if the language has no word for
/// the advice, or nothing is to wait for.
pub(crate) fn range(pid: Pid, name: &str, args: Args) -> Result<Option<Op>, Expected> {
    let (addr, len) = (VirtAddr(args.bytes(0)?), args.bytes(1)?);
    Ok(match name {
        "munmap" => Some(Op::Munmap { pid, addr, len }),
        "mprotect" => Some(Op::Mprotect {
            pid,
            addr,
            len,
            prot: prot(args.number(2)?),
        }),
        "madvise" => advice(args.number(2)?).map(|advice| Op::Madvise {
            pid,
            addr,
            len,
            advice,
        }),
        _ => (args.number(2)? & MS_SYNC != 0).then_some(Op::Msync { pid, addr, len }),
    })
}

/// Where the kernel writes a new process's number into that process's memory:
/// only clone(2) does so, and only if it is asked to.
pub(crate) fn child_tid(call: &Call) -> Result<Option<u64>, Expected> {
    let args = Args(call.args);
    match call.name == "clone" && args.bare_hex(0)? & CLONE_CHILD_SETTID != 0 {
        true => args.number(3).map(Some),
        false => Ok(None),
    }
}

fn prot(bits: u64) -> Prot {
    [(1, Prot::READ), (2, Prot::WRITE), (4, Prot::EXEC)]
        .into_iter()
        .filter(|(bit, _)| bits & bit != 0)
        .fold(Prot::NONE, |all, (_, prot)| all.union(prot))
}

fn advice(number: u64) -> Option<Advice> {
    match number {
        3 => Some(Advice::WillNeed),
        4 => Some(Advice::DontNeed),
        21 => Some(Advice::PageOut),
        22 => Some(Advice::PopulateRead),
        23 => Some(Advice::PopulateWrite),
        _ => None,
    }
}
