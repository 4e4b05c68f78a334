//! The system calls of the trace language, and the errors that they return.
//!
//! A call walks over the pages of its range and asks the
//! [`Handlers`](crate::handlers::Handlers) about each; what the range is, which
//! VMAs are split and when to stop is decided here, as Linux decides it.

pub(crate) mod fork;
pub(crate) mod heap;
pub(crate) mod madvise;
pub(crate) mod mmap;
pub(crate) mod mprotect;
pub(crate) mod msync;
pub(crate) mod munmap;

use std::fmt;

use crate::addr::{PAGE_SIZE, TASK_SIZE, VirtAddr, Vpn};

/// Why a system call failed (errno(3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Errno {
    /// A range that wraps, is unaligned or empty where it must not be.
    Einval,
    /// Part of the range is not mapped, or there is no room.
    Enomem,
    /// The call touched memory that the program may not use.
    Efault,
    /// The machine has no more numbers for address spaces.
    Eagain,
    /// The process number is taken.
    Eexist,
    /// There is no such process.
    Esrch,
    /// A file offset beyond what a file can have.
    Eoverflow,
    /// Mapping the lowest pages is forbidden (`mmap_min_addr`).
    Eperm,
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Errno::Einval => "EINVAL",
            Errno::Enomem => "ENOMEM",
            Errno::Efault => "EFAULT",
            Errno::Eagain => "EAGAIN",
            Errno::Eexist => "EEXIST",
            Errno::Esrch => "ESRCH",
            Errno::Eoverflow => "EOVERFLOW",
            Errno::Eperm => "EPERM",
        })
    }
}

/// The pages from a page-aligned address on, as many as `len` bytes touch.
///
/// # Errors
///
/// `EINVAL` for an address that is not a multiple of the page size, or a range
/// that wraps around.
pub(crate) fn page_range(addr: VirtAddr, len: u64) -> Result<(Vpn, Vpn), Errno> {
    let len = len
        .checked_next_multiple_of(PAGE_SIZE)
        .ok_or(Errno::Einval)?;
    let end = addr.0.checked_add(len).ok_or(Errno::Einval)?;
    if addr.page_offset() != 0 {
        return Err(Errno::Einval);
    }
    Ok((addr.page(), VirtAddr(end).page()))
}

/// The same for the calls that report a range that wraps around as one that is not
/// mapped: mprotect and msync.
///
/// # Errors
///
/// `EINVAL` for an unaligned address, `ENOMEM` for a range that wraps around.
pub(crate) fn mapped_range(addr: VirtAddr, len: u64) -> Result<(Vpn, Vpn), Errno> {
    match page_range(addr, len) {
        Err(Errno::Einval) if addr.page_offset() == 0 => Err(Errno::Enomem),
        range => range,
    }
}

/// Whether a program may map so many bytes from here on.
fn fits_user_space(addr: VirtAddr, len: u64) -> bool {
    let len = len.checked_next_multiple_of(PAGE_SIZE);
    len.and_then(|len| addr.0.checked_add(len))
        .is_some_and(|end| end <= TASK_SIZE)
}

/// Whether a program may map pages up to here.
fn in_user_space(end: Vpn) -> bool {
    end.start().0 <= TASK_SIZE
}
