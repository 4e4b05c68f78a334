//! Which memory the kernel itself reads and writes on the program's behalf.
//!
//! A lackey log shows the program's accesses only, yet read(2) fills the
//! program's buffer, and if it is the first to touch a page, it takes the fault
//! (rule R18). The calls below are those of small programs; of any other call
//! the kernel's accesses are missing from the trace.

use vmsim::addr::{Pid, VirtAddr};
use vmsim::event::Op;

use crate::call::Args;
use crate::line::{ACCESS_MAX, Expected};

/// Memory that a call touches.
#[derive(Clone, Copy)]
struct Touch {
    /// The argument that holds the address; an address of 0 touches nothing.
    place: usize,
    direction: Direction,
    len: Len,
}

#[derive(Clone, Copy)]
enum Direction {
    /// The kernel reads the program's memory.
    In,
    /// The kernel writes the program's memory.
    Out,
}

#[derive(Clone, Copy)]
enum Len {
    /// As many bytes as a structure has on x86-64.
    Bytes(u64),
    /// As many as the call returned.
    Result,
    /// A text and the zero behind it.
    Text,
}

/// Bytes that one call reads or writes at most: `MAX_RW_COUNT` of Linux.
const COPY_MAX: u64 = 0x7fff_f000;
/// Bytes of `struct stat`.
const STAT: Len = Len::Bytes(144);
/// Bytes of `struct rlimit`, and of `struct timespec`.
const PAIR: Len = Len::Bytes(16);
/// Bytes of the kernel's `struct sigaction`.
const SIGACTION: Len = Len::Bytes(32);

const fn reads(place: usize, len: Len) -> Touch {
    Touch {
        place,
        direction: Direction::In,
        len,
    }
}

const fn writes(place: usize, len: Len) -> Touch {
    Touch {
        place,
        direction: Direction::Out,
        len,
    }
}

/// What a call touches, in the kernel's order.
fn touches(name: &str) -> &'static [Touch] {
    match name {
        "read" | "pread64" | "getdents64" => const { &[writes(1, Len::Result)] },
        "write" | "pwrite64" => const { &[reads(1, Len::Result)] },
        "open" | "access" | "creat" => const { &[reads(0, Len::Text)] },
        "openat" => const { &[reads(1, Len::Text)] },
        "readlink" => const { &[reads(0, Len::Text), writes(1, Len::Result)] },
        "readlinkat" => const { &[reads(1, Len::Text), writes(2, Len::Result)] },
        "stat" | "lstat" => const { &[reads(0, Len::Text), writes(1, STAT)] },
        "fstat" => const { &[writes(1, STAT)] },
        "newfstatat" => const { &[reads(1, Len::Text), writes(2, STAT)] },
        "statx" => const { &[reads(1, Len::Text), writes(4, Len::Bytes(256))] },
        "prlimit64" => const { &[reads(2, PAIR), writes(3, PAIR)] },
        "getrandom" => const { &[writes(0, Len::Result)] },
        "rt_sigaction" => const { &[reads(1, SIGACTION), writes(2, SIGACTION)] },
        "wait4" => const { &[writes(1, Len::Bytes(4)), writes(3, STAT)] },
        "clock_gettime" => const { &[writes(1, PAIR)] },
        "uname" => const { &[writes(0, Len::Bytes(390))] },
        _ => &[],
    }
}

/// Whether [`copies`] knows the call.
pub(crate) fn is_known(name: &str) -> bool {
    !touches(name).is_empty()
}

/// The kernel's accesses in a call that returned `result`.
pub(crate) fn copies(pid: Pid, name: &str, args: Args, result: u64) -> Result<Vec<Op>, Expected> {
    let mut ops = Vec::new();
    for touch in touches(name) {
        let addr = args.number(touch.place)?;
        let len = match touch.len {
            Len::Bytes(bytes) => bytes,
            Len::Result => result.min(COPY_MAX),
            Len::Text => args
                .text(touch.place)
                .map_or(1, |text| text.len() as u64 + 1),
        };
        if addr != 0 {
            ops.extend(
                pieces(addr, len).map(|(addr, size)| copy(pid, touch.direction, addr, size)),
            );
        }
    }
    Ok(ops)
}

/// The kernel's store of these bytes, all of one page, into the program's memory.
pub(crate) fn copy_out(pid: Pid, addr: u64, size: u16) -> Op {
    copy(pid, Direction::Out, VirtAddr(addr), size)
}

/// Cuts a range into accesses that the trace language allows.
fn pieces(addr: u64, len: u64) -> impl Iterator<Item = (VirtAddr, u16)> {
    let step = u64::from(ACCESS_MAX);
    (0..len.div_ceil(step)).map(move |nth| {
        let done = nth * step;
        let size = (len - done).min(step);
        (VirtAddr(addr.wrapping_add(done)), size as u16)
    })
}

fn copy(pid: Pid, direction: Direction, addr: VirtAddr, size: u16) -> Op {
    match direction {
        Direction::In => Op::CopyIn { pid, addr, size },
        Direction::Out => Op::CopyOut {
            pid,
            addr,
            size,
            value: None,
        },
    }
}
