//! System calls as the traced processes make them.

use nix::errno::Errno;
use vmsim::addr::{PAGE_SIZE, VirtAddr};
use vmsim::event::{Advice, Growth, Mapping, Populate, Sharing, Source};
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
    fn new<const N: usize>(number: i64, given: [u64; N]) -> Self {
        let mut args = [0; 6];
        args[..N].copy_from_slice(&given);
        Self {
            number,
            args,
            wanted: None,
        }
    }

    /// mmap(2) of memory without a file.
    pub(crate) fn mmap_anon(addr: VirtAddr, len: u64, map: &Mapping) -> Self {
        let populate = match map.populate {
            Populate::Lazily => 0,
            Populate::Now => libc::MAP_POPULATE,
        };
        let growth = match map.growth {
            Growth::Fixed => 0,
            Growth::Down => libc::MAP_GROWSDOWN,
        };
        let flags = sharing(map) | libc::MAP_ANONYMOUS | populate | growth;
        Self::mmap(addr, len, map.prot, flags, -1, 0)
    }

    /// mmap(2) of a file; nothing is populated.
    pub(crate) fn mmap_file(addr: VirtAddr, len: u64, map: &Mapping, file: i32) -> Self {
        let offset = match map.source {
            Source::File { offset, .. } => offset,
            Source::Anon => 0,
        };
        let growth = match map.growth {
            Growth::Fixed => 0,
            Growth::Down => libc::MAP_GROWSDOWN,
        };
        Self::mmap(addr, len, map.prot, sharing(map) | growth, file, offset)
    }

    /// The page of routines, shared so that fork does not copy it.
    pub(crate) fn map_routines(at: VirtAddr, file: i32) -> Self {
        Self::mmap(at, PAGE_SIZE, Prot::READ_EXEC, libc::MAP_SHARED, file, 0)
    }

    /// The page to scribble on.
    pub(crate) fn map_scratch(at: VirtAddr) -> Self {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        Self::mmap(at, PAGE_SIZE, Prot::READ_WRITE, flags, -1, 0)
    }

    fn mmap(at: VirtAddr, len: u64, prot: Prot, flags: i32, file: i32, offset: u64) -> Self {
        let flags = (libc::MAP_FIXED | flags) as u64;
        let args = [at.0, len, protection(prot), flags, file as u64, offset];
        Self::new(libc::SYS_mmap, args)
    }

    /// munmap(2).
    pub(crate) fn munmap(addr: VirtAddr, len: u64) -> Self {
        Self::new(libc::SYS_munmap, [addr.0, len])
    }

    /// mprotect(2).
    pub(crate) fn mprotect(addr: VirtAddr, len: u64, prot: Prot) -> Self {
        Self::new(libc::SYS_mprotect, [addr.0, len, protection(prot)])
    }

    /// madvise(2).
    pub(crate) fn madvise(addr: VirtAddr, len: u64, advice: Advice) -> Self {
        let advice = match advice {
            Advice::DontNeed => libc::MADV_DONTNEED,
            Advice::PageOut => libc::MADV_PAGEOUT,
            Advice::WillNeed => libc::MADV_WILLNEED,
            Advice::PopulateRead => libc::MADV_POPULATE_READ,
            Advice::PopulateWrite => libc::MADV_POPULATE_WRITE,
        };
        advise(addr, len, advice)
    }

    /// madvise(2): what is read is read page by page.
    pub(crate) fn without_readahead(addr: VirtAddr, len: u64) -> Self {
        advise(addr, len, libc::MADV_RANDOM)
    }

    /// msync(2) with `MS_SYNC`.
    pub(crate) fn msync(addr: VirtAddr, len: u64) -> Self {
        Self::new(libc::SYS_msync, [addr.0, len, libc::MS_SYNC as u64])
    }

    /// mlock(2).
    pub(crate) fn mlock(addr: VirtAddr, len: u64) -> Self {
        Self::new(libc::SYS_mlock, [addr.0, len])
    }

    /// munlock(2).
    pub(crate) fn munlock(addr: VirtAddr, len: u64) -> Self {
        Self::new(libc::SYS_munlock, [addr.0, len])
    }

    /// brk(2).
    pub(crate) fn brk(addr: VirtAddr) -> Self {
        Self {
            wanted: Some(addr.0),
            ..Self::new(libc::SYS_brk, [addr.0])
        }
    }

    /// read(2).
    pub(crate) fn read(file: i32, addr: VirtAddr, size: u16) -> Self {
        Self::new(libc::SYS_read, [file as u64, addr.0, u64::from(size)])
    }

    /// write(2).
    pub(crate) fn write(file: i32, addr: VirtAddr, size: u16) -> Self {
        Self::new(libc::SYS_write, [file as u64, addr.0, u64::from(size)])
    }

    /// Has a process make the call.
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

/// madvise(2) with advice that the trace language does not know.
pub(crate) fn advise(addr: VirtAddr, len: u64, advice: i32) -> Call {
    Call::new(libc::SYS_madvise, [addr.0, len, advice as u64])
}

fn sharing(map: &Mapping) -> i32 {
    match map.sharing {
        Sharing::Private => libc::MAP_PRIVATE,
        Sharing::Shared => libc::MAP_SHARED,
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
