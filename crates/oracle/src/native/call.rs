//! System calls as the traced processes make them.

use nix::errno::Errno;
use vmsim::addr::{PAGE_SIZE, VirtAddr};
use vmsim::event::{Advice, Growth, Mapping, Op, Sharing, Source};
use vmsim::prot::Prot;

use crate::error::Error;
use crate::native::tracee::Tracee;
use crate::outcome::End;

/// A system call: its number, its arguments, and what it should return.
pub(crate) struct Call {
    number: i64,
    args: [u64; 6],
    /// brk(2) does not tell errors: it returns where the heap ends afterwards.
    wanted: Option<u64>,
}

impl Call {
    pub(crate) fn new(number: i64, args: [u64; 6]) -> Self {
        Self {
            number,
            args,
            wanted: None,
        }
    }

    /// The call that an event is, if it is one that needs its own words only.
    pub(crate) fn of_op(op: &Op) -> Option<Self> {
        match *op {
            Op::Munmap { addr, len, .. } => Some(Self::munmap(addr, len)),
            Op::Mprotect {
                addr, len, prot, ..
            } => {
                let args = [addr.0, len, protection(prot), 0, 0, 0];
                Some(Self::new(libc::SYS_mprotect, args))
            }
            Op::Madvise {
                addr, len, advice, ..
            } => Some(advise(addr, len, number_of(advice))),
            Op::Msync { addr, len, .. } => {
                let args = [addr.0, len, libc::MS_SYNC as u64, 0, 0, 0];
                Some(Self::new(libc::SYS_msync, args))
            }
            Op::Brk { addr, .. } => Some(Self {
                wanted: Some(addr.0),
                ..Self::new(libc::SYS_brk, [addr.0, 0, 0, 0, 0, 0])
            }),
            _ => None,
        }
    }

    pub(crate) fn munmap(addr: VirtAddr, len: u64) -> Self {
        Self::new(libc::SYS_munmap, [addr.0, len, 0, 0, 0, 0])
    }

    /// mmap(2) with `MAP_FIXED`.
    pub(crate) fn mmap(addr: VirtAddr, len: u64, map: &Mapping, file: i32, populate: bool) -> Self {
        let (anon, offset) = match map.source {
            Source::Anon => (libc::MAP_ANONYMOUS, 0),
            Source::File { offset, .. } => (0, offset),
        };
        let sharing = match map.sharing {
            Sharing::Private => libc::MAP_PRIVATE,
            Sharing::Shared => libc::MAP_SHARED,
        };
        let growth = match map.growth {
            Growth::Fixed => 0,
            Growth::Down => libc::MAP_GROWSDOWN,
        };
        let populate = if populate { libc::MAP_POPULATE } else { 0 };
        let flags = libc::MAP_FIXED | anon | sharing | growth | populate;
        let args = [addr.0, len, protection(map.prot), flags as u64, file as u64, offset];
        Self::new(libc::SYS_mmap, args)
    }

    /// The page of routines, shared so that fork does not copy it.
    pub(crate) fn map_routines(at: VirtAddr, file: i32) -> Self {
        let prot = (libc::PROT_READ | libc::PROT_EXEC) as u64;
        let flags = (libc::MAP_FIXED | libc::MAP_SHARED) as u64;
        Self::new(libc::SYS_mmap, [at.0, PAGE_SIZE, prot, flags, file as u64, 0])
    }

    /// The page to scribble on.
    pub(crate) fn map_scratch(at: VirtAddr) -> Self {
        let prot = (libc::PROT_READ | libc::PROT_WRITE) as u64;
        let flags = (libc::MAP_FIXED | libc::MAP_PRIVATE | libc::MAP_ANONYMOUS) as u64;
        Self::new(libc::SYS_mmap, [at.0, PAGE_SIZE, prot, flags, u64::MAX, 0])
    }

    /// Has the process make the call.
    pub(crate) fn make(&self, tracee: &mut Tracee) -> Result<End, Error> {
        let returned = tracee.syscall(self.number, self.args)?;
        Ok(match (returned, self.wanted) {
            // The C library reports a refusal as `ENOMEM`.
            (end, Some(wanted)) if end as u64 != wanted => End::Failed("ENOMEM".to_owned()),
            (-4095..=-1, None) => End::Failed(name_of(returned)),
            _ => End::Done,
        })
    }
}

/// madvise(2).
pub(crate) fn advise(addr: VirtAddr, len: u64, advice: i32) -> Call {
    Call::new(libc::SYS_madvise, [addr.0, len, advice as u64, 0, 0, 0])
}

fn number_of(advice: Advice) -> i32 {
    match advice {
        Advice::DontNeed => libc::MADV_DONTNEED,
        Advice::PageOut => libc::MADV_PAGEOUT,
        Advice::WillNeed => libc::MADV_WILLNEED,
        Advice::PopulateRead => libc::MADV_POPULATE_READ,
        Advice::PopulateWrite => libc::MADV_POPULATE_WRITE,
    }
}

fn protection(prot: Prot) -> u64 {
    let bits = [
        (prot.read(), libc::PROT_READ),
        (prot.write(), libc::PROT_WRITE),
        (prot.exec(), libc::PROT_EXEC),
    ];
    let set = bits.into_iter().filter(|(has, _)| *has);
    set.fold(0, |all, (_, bit)| all | bit as u64)
}

/// `EINVAL` for -22.
fn name_of(returned: i64) -> String {
    format!("{:?}", Errno::from_raw(-returned as i32))
}
