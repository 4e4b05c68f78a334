//! Addresses and numbers.
//!
//! Every number whose confusion would be a bug has a type of its own: a virtual
//! page number is not a frame number, and a frame number is not a swap slot.

use std::fmt;

/// Bytes in a page and in a frame: 4 KiB (Intel SDM vol. 3A, 4.5).
pub const PAGE_SIZE: u64 = 4096;

/// Bits of a virtual address that select a byte within its page.
pub const PAGE_SHIFT: u32 = 12;

/// First address that user space cannot map: 2^47 less one guard page
/// (`TASK_SIZE_MAX` in Linux arch/x86/include/asm/page_64_types.h).
pub const TASK_SIZE: u64 = (1 << 47) - PAGE_SIZE;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);
    };
}

number! {
    /// A virtual address, as the program uses it.
    VirtAddr(u64)
}
number! {
    /// A virtual page number: a virtual address without its lowest 12 bits.
    Vpn(u64)
}
number! {
    /// A physical frame number.
    Pfn(u32)
}
number! {
    /// A slot of the swap device; holds one page.
    SwapSlot(u32)
}
number! {
    /// A process. Process 1 exists when a trace starts.
    Pid(u32)
}
number! {
    /// A CPU, from 0.
    CpuId(u8)
}
number! {
    /// A file of the trace, in the order in which the trace names them.
    FileId(u32)
}

impl VirtAddr {
    /// The page that holds this address.
    pub const fn page(self) -> Vpn {
        Vpn(self.0 >> PAGE_SHIFT)
    }

    /// The distance from the start of the page, in bytes.
    pub const fn page_offset(self) -> u64 {
        self.0 % PAGE_SIZE
    }

    /// Whether bits 48 to 63 repeat bit 47 (Intel SDM vol. 1, 3.3.7.1).
    ///
    /// An access to any other address is a general-protection exception (#GP),
    /// not a page fault.
    pub const fn is_canonical(self) -> bool {
        let upper = self.0 >> 47;
        upper == 0 || upper == 0x1_ffff
    }

    /// Whether a program may map this address at all.
    pub const fn is_user(self) -> bool {
        self.0 < TASK_SIZE
    }
}

impl Vpn {
    /// The first address of the page.
    pub const fn start(self) -> VirtAddr {
        VirtAddr(self.0 << PAGE_SHIFT)
    }
}

impl fmt::Display for VirtAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for CpuId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
