//! What a trace can ask of the machine: the events, one a line.
//!
//! The words of the trace language stand in `vmtrace`; here are their meanings.

use crate::addr::{CpuId, FileId, Pid, VirtAddr};
use crate::fault::Access;
use crate::prot::Prot;

/// The machine that a trace runs on (`machine …`, the first line of a trace).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Frames for user pages and the page cache. Page tables have a pool of
    /// their own, so that the depth of a table does not change a lab's memory.
    pub frames: u32,
    /// Slots of the swap device; 0 means no swap.
    pub swap: u32,
    /// CPUs, 1 to 4.
    pub cpus: u8,
    /// Seeds the order in which frames and slots are handed out.
    pub seed: u64,
    /// Pages mapped around a read fault of a resident page: 1 maps none but the
    /// page itself, 16 is what Linux does (rule R8).
    pub fault_around: u16,
    /// Further pages read from a file after a major fault; 0 reads none.
    pub readahead: u16,
    /// First address of the heap that `brk` moves the end of.
    pub heap: VirtAddr,
    /// Largest size of a growing stack, in bytes (`RLIMIT_STACK`).
    pub stack_limit: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            frames: 65_536,
            swap: 65_536,
            cpus: 1,
            seed: 0,
            fault_around: 1,
            readahead: 0,
            heap: VirtAddr(0x400_0000),
            stack_limit: 8 << 20,
        }
    }
}

/// One line of a trace: something happens, on a CPU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where it happens (`@CPU`; 0 unless said).
    pub cpu: CpuId,
    /// What happens.
    pub op: Op,
}

/// What happens in an [`Event`].
///
/// Sizes and offsets are bytes and need not be whole pages, unless the system
/// call of that name insists.
#[expect(
    missing_docs,
    reason = "the fields are the words of the trace language"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// A file comes into being; the n-th one of a trace is `FileId(n)`, from 0.
    File {
        name: Box<str>,
        size: u64,
        cache: Cache,
    },
    /// mmap(2) with `MAP_FIXED`.
    Mmap {
        pid: Pid,
        addr: VirtAddr,
        len: u64,
        map: Mapping,
    },
    /// munmap(2).
    Munmap { pid: Pid, addr: VirtAddr, len: u64 },
    /// mprotect(2).
    Mprotect {
        pid: Pid,
        addr: VirtAddr,
        len: u64,
        prot: Prot,
    },
    /// madvise(2).
    Madvise {
        pid: Pid,
        addr: VirtAddr,
        len: u64,
        advice: Advice,
    },
    /// brk(2): the heap ends here from now on.
    Brk { pid: Pid, addr: VirtAddr },
    /// fork(2); the trace chooses the child's number.
    Fork { parent: Pid, child: Pid },
    /// exit(2).
    Exit { pid: Pid },
    /// The program loads `size` bytes.
    Read { pid: Pid, addr: VirtAddr, size: u16 },
    /// The program stores `size` bytes; without a value, one made from the
    /// event's number.
    Write {
        pid: Pid,
        addr: VirtAddr,
        size: u16,
        value: Option<u64>,
    },
    /// The program fetches the instruction at this address.
    Exec { pid: Pid, addr: VirtAddr },
    /// A system call reads the program's memory, as write(2) does.
    CopyIn { pid: Pid, addr: VirtAddr, size: u16 },
    /// A system call writes the program's memory, as read(2) does.
    CopyOut {
        pid: Pid,
        addr: VirtAddr,
        size: u16,
        value: Option<u64>,
    },
    /// File pages are read into the page cache without being mapped.
    Load { file: FileId, offset: u64, len: u64 },
    /// The file's clean pages that nobody maps leave the page cache.
    Drop { file: FileId },
    /// msync(2) with `MS_SYNC`: dirty pages of shared file mappings are written.
    Msync { pid: Pid, addr: VirtAddr, len: u64 },
    /// sigaction(2).
    Sigaction {
        pid: Pid,
        signal: SignalSet,
        action: SigAction,
    },
}

/// An [`Event`] that is a load, a store or a fetch of the program: what nearly all events
/// of a long trace are. It is small, and whoever reads such a trace makes nothing larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserAccess {
    /// Where it happens.
    pub cpu: CpuId,
    /// Who accesses.
    pub pid: Pid,
    /// The first byte.
    pub addr: VirtAddr,
    /// In bytes; 1 for a fetch.
    pub size: u16,
    /// What is done.
    pub kind: Access,
    /// What is stored, if that is said.
    pub value: Option<u64>,
}

impl Event {
    /// The event, if it is an access of the program.
    #[inline(always)]
    pub fn user_access(&self) -> Option<UserAccess> {
        let (pid, addr, size, kind, value) = match self.op {
            Op::Read { pid, addr, size } => (pid, addr, size, Access::Read, None),
            Op::Write {
                pid,
                addr,
                size,
                value,
            } => (pid, addr, size, Access::Write, value),
            Op::Exec { pid, addr } => (pid, addr, 1, Access::Exec, None),
            _ => return None,
        };
        Some(UserAccess {
            cpu: self.cpu,
            pid,
            addr,
            size,
            kind,
            value,
        })
    }
}

impl From<UserAccess> for Event {
    #[inline(always)]
    fn from(access: UserAccess) -> Self {
        let UserAccess {
            cpu,
            pid,
            addr,
            size,
            kind,
            value,
        } = access;
        let op = match kind {
            Access::Read => Op::Read { pid, addr, size },
            Access::Write => Op::Write {
                pid,
                addr,
                size,
                value,
            },
            Access::Exec => Op::Exec { pid, addr },
        };
        Event { cpu, op }
    }
}

impl Op {
    /// The process that acts, for events of one.
    pub fn pid(&self) -> Option<Pid> {
        match *self {
            Op::File { .. } | Op::Load { .. } | Op::Drop { .. } => None,
            Op::Fork { parent, .. } => Some(parent),
            Op::Mmap { pid, .. }
            | Op::Munmap { pid, .. }
            | Op::Mprotect { pid, .. }
            | Op::Madvise { pid, .. }
            | Op::Brk { pid, .. }
            | Op::Exit { pid }
            | Op::Read { pid, .. }
            | Op::Write { pid, .. }
            | Op::Exec { pid, .. }
            | Op::CopyIn { pid, .. }
            | Op::CopyOut { pid, .. }
            | Op::Msync { pid, .. }
            | Op::Sigaction { pid, .. } => Some(pid),
        }
    }

    /// The address that the event is about, for events that have one.
    pub fn addr(&self) -> Option<VirtAddr> {
        match *self {
            Op::Mmap { addr, .. }
            | Op::Munmap { addr, .. }
            | Op::Mprotect { addr, .. }
            | Op::Madvise { addr, .. }
            | Op::Brk { addr, .. }
            | Op::Read { addr, .. }
            | Op::Write { addr, .. }
            | Op::Exec { addr, .. }
            | Op::CopyIn { addr, .. }
            | Op::CopyOut { addr, .. }
            | Op::Msync { addr, .. } => Some(addr),
            _ => None,
        }
    }

    /// Whether memory is accessed at [`addr`](Op::addr), by the program or by a
    /// system call for it.
    pub fn is_access(&self) -> bool {
        matches!(
            self,
            Op::Read { .. }
                | Op::Write { .. }
                | Op::Exec { .. }
                | Op::CopyIn { .. }
                | Op::CopyOut { .. }
        )
    }
}

/// Whether a new file is in the page cache already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cache {
    /// Not in memory: the first access to each page reads the disk.
    Cold,
    /// Wholly in the page cache.
    Warm,
}

/// What `mmap` maps, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// What the program may do with the pages.
    pub prot: Prot,
    /// `MAP_PRIVATE` or `MAP_SHARED`.
    pub sharing: Sharing,
    /// What the pages show.
    pub source: Source,
    /// `MAP_POPULATE`: fault every page in now.
    pub populate: Populate,
    /// `MAP_GROWSDOWN`, or not.
    pub growth: Growth,
}

/// Who sees a write to the mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sharing {
    /// The writer alone (`MAP_PRIVATE`).
    Private,
    /// All who map the same pages (`MAP_SHARED`).
    Shared,
}

/// What a mapping's pages show before anybody writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Zeroes (`MAP_ANONYMOUS`).
    Anon,
    /// A file's bytes from this offset, which must be a multiple of the page size.
    File {
        /// The file.
        file: FileId,
        /// Where in it the mapping starts, in bytes.
        offset: u64,
    },
}

/// When a mapping's pages are faulted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Populate {
    /// When they are touched.
    Lazily,
    /// At once (`MAP_POPULATE`).
    Now,
}

/// Whether a mapping is a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Growth {
    /// It keeps its size.
    Fixed,
    /// It grows downwards when the program touches the pages below it
    /// (`MAP_GROWSDOWN`).
    Down,
}

/// The advice of `madvise`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// `MADV_DONTNEED`: forget the pages.
    DontNeed,
    /// `MADV_PAGEOUT`: reclaim the pages.
    PageOut,
    /// `MADV_WILLNEED`: read the file's pages ahead.
    WillNeed,
    /// `MADV_POPULATE_READ`: fault the pages in as if they were read.
    PopulateRead,
    /// `MADV_POPULATE_WRITE`: fault the pages in as if they were written.
    PopulateWrite,
}

/// Which signals a `sigaction` event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalSet {
    /// Both signals that a bad access ends in, SIGSEGV and SIGBUS (`segv`).
    Segv,
    /// SIGBUS alone (`bus`).
    Bus,
}

/// What a process does on a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigAction {
    /// It is terminated (`SIG_DFL`).
    Default,
    /// Its handler runs, and the process goes on with its next event.
    Handler,
}
