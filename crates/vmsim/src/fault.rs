//! Page faults, what the kernel makes of them, and the signals that bad ones end in.
//!
//! A page fault is an *exception*: the CPU raises it because of the instruction
//! that it is executing, and restarts that instruction when the handler is done
//! (Intel SDM vol. 3A, 6.15, "Interrupt 14—Page-Fault Exception (#PF)", class
//! fault). A *signal* is what the kernel sends to the process when it finds no
//! valid repair. Most page faults never become one.

use std::fmt;

use crate::addr::{CpuId, Pfn, SwapSlot, VirtAddr};
use crate::cache::ObjectPage;
use crate::mm::Page;

/// What the program was about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Load.
    Read,
    /// Store.
    Write,
    /// Fetch an instruction.
    Exec,
}

/// Who was about to do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The program.
    User,
    /// The kernel, in a system call on the program's behalf (rule R18).
    Kernel,
}

/// The error code that the CPU pushes with a page fault (Intel SDM vol. 3A, 4.7,
/// figure 4-12). W, U and I describe the access, not the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ErrorCode {
    /// P: an entry was there and forbade the access. If false, an entry was not
    /// present; that does not mean that the page is not in memory.
    pub present: bool,
    /// W/R: the access was a write.
    pub write: bool,
    /// U/S: the access came from the program.
    pub user: bool,
    /// I/D: the access was an instruction fetch.
    pub fetch: bool,
}

impl ErrorCode {
    /// The number that the CPU pushes.
    pub fn bits(self) -> u32 {
        u32::from(self.present)
            | u32::from(self.write) << 1
            | u32::from(self.user) << 2
            | u32::from(self.fetch) << 4
    }
}

/// A page fault, as the kernel gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageFault {
    /// The page that was accessed, and whose it is.
    pub page: Page,
    /// The exact address: the register CR2.
    pub addr: VirtAddr,
    /// What was tried.
    pub access: Access,
    /// Who tried it.
    pub mode: Mode,
    /// What the CPU says of it.
    pub code: ErrorCode,
    /// Where it happened.
    pub cpu: CpuId,
}

impl PageFault {
    /// Whether the access was a write.
    pub fn is_write(&self) -> bool {
        self.access == Access::Write
    }
}

/// The repair that a fault needs, with the evidence for it, so that the repair
/// need not look again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// First read of an anonymous page: map the shared zero page.
    ZeroPage,
    /// First write of an anonymous page: a fresh zeroed frame.
    DemandZero,
    /// First touch of a page of shared memory: a fresh zeroed frame for all.
    NewShared(ObjectPage),
    /// The page of a file or of shared memory is in this frame already.
    MapResident(Pfn),
    /// A write to a private page that shows this frame, which others use as well.
    CopyOnWrite(Pfn),
    /// A write to a private page in this frame, which nobody else uses.
    Reuse(Pfn),
    /// First write to a clean page of a shared file mapping.
    WriteNotify(Pfn),
    /// The page table allows the access already: a stale TLB entry refused it.
    Spurious,
    /// The page must be read from its file.
    FileRead(ObjectPage),
    /// The page must be read from its swap slot.
    SwapIn(SwapSlot),
    /// The page has a swap slot, and is in this frame of the swap cache.
    SwapCached(SwapSlot, Pfn),
}

impl FaultKind {
    /// The name of the repair as the log prints it.
    pub fn repair(self) -> Repair {
        match self {
            FaultKind::ZeroPage => Repair::ZeroPage,
            FaultKind::DemandZero | FaultKind::NewShared(_) => Repair::DemandZero,
            FaultKind::MapResident(_) | FaultKind::SwapCached(..) => Repair::MapResident,
            FaultKind::CopyOnWrite(_) => Repair::CopyOnWrite,
            FaultKind::Reuse(_) => Repair::Reuse,
            FaultKind::WriteNotify(_) => Repair::WriteNotify,
            FaultKind::Spurious => Repair::Spurious,
            FaultKind::FileRead(_) => Repair::FileRead,
            FaultKind::SwapIn(_) => Repair::SwapIn,
        }
    }
}

/// The repairs, named as in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Repair {
    /// The shared zero page is mapped read-only.
    ZeroPage,
    /// A fresh zeroed frame is mapped.
    DemandZero,
    /// A page that is in memory is mapped.
    MapResident,
    /// A private page is copied from RAM to RAM.
    CopyOnWrite,
    /// A private page is made writable; nothing is copied.
    Reuse,
    /// A clean page of a shared file mapping is made writable.
    WriteNotify,
    /// Nothing but a stale TLB entry is mended.
    Spurious,
    /// A page is read from its file.
    FileRead,
    /// A page is read from its swap slot.
    SwapIn,
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Repair::ZeroPage => "zero-page",
            Repair::DemandZero => "demand-zero",
            Repair::MapResident => "map-resident",
            Repair::CopyOnWrite => "copy-on-write",
            Repair::Reuse => "reuse",
            Repair::WriteNotify => "write-notify",
            Repair::Spurious => "spurious",
            Repair::FileRead => "file-read",
            Repair::SwapIn => "swap-in",
        })
    }
}

/// The class of a fault that was repaired: the graded vocabulary.
///
/// Minor or major is derived from whether a kernel service read a device; a
/// handler cannot claim it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaultClass {
    /// A device was read.
    pub major: bool,
    /// What was done.
    pub repair: Repair,
    /// After a read: the page was copied in the same fault.
    pub copy: bool,
}

impl fmt::Display for FaultClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = if self.major { "major" } else { "minor" };
        let copy = if self.copy { " copy" } else { "" };
        write!(f, "{weight} {}{copy}", self.repair)
    }
}

/// A signal for an access that cannot be repaired, with what `siginfo_t` says of
/// it (sigaction(2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Why, which also says which signal.
    pub code: SignalCode,
    /// `si_addr`.
    pub addr: VirtAddr,
}

/// Signal and `si_code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalCode {
    /// SIGSEGV, `SEGV_MAPERR`: no VMA covers the address.
    Maperr,
    /// SIGSEGV, `SEGV_ACCERR`: the VMA forbids the access.
    Accerr,
    /// SIGSEGV, `SI_KERNEL`: not a page fault at all but a general protection
    /// exception; the address is lost.
    Kernel,
    /// SIGBUS, `BUS_ADRERR`: a page behind the end of the file.
    Adrerr,
}

impl Signal {
    /// No VMA covers the address.
    pub fn maperr(addr: VirtAddr) -> Self {
        Self {
            code: SignalCode::Maperr,
            addr,
        }
    }

    /// The VMA forbids the access.
    pub fn accerr(addr: VirtAddr) -> Self {
        Self {
            code: SignalCode::Accerr,
            addr,
        }
    }

    /// The page lies behind the end of its file.
    pub fn adrerr(addr: VirtAddr) -> Self {
        Self {
            code: SignalCode::Adrerr,
            addr,
        }
    }

    /// The address is not canonical; the CPU reports none.
    pub(crate) fn kernel() -> Self {
        Self {
            code: SignalCode::Kernel,
            addr: VirtAddr(0),
        }
    }

    /// The name of the signal.
    pub fn name(&self) -> &'static str {
        match self.code {
            SignalCode::Adrerr => "SIGBUS",
            _ => "SIGSEGV",
        }
    }
}

impl fmt::Display for SignalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SignalCode::Maperr => "segv maperr",
            SignalCode::Accerr => "segv accerr",
            SignalCode::Kernel => "segv kernel",
            SignalCode::Adrerr => "bus adrerr",
        })
    }
}

/// What becomes of a process whose access ends in a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Its handler runs, and it goes on.
    RunHandler,
    /// It has no handler and is terminated.
    Terminate,
    /// The access was the kernel's own: the system call returns `EFAULT`, and no
    /// signal is sent.
    ReturnEfault,
}

/// No frame is free and nothing can be evicted, or no swap slot is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

/// How a repair ends.
pub type Repaired = Result<(), OutOfMemory>;
